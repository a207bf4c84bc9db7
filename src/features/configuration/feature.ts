import { z } from "zod";
import { ACCESS } from "#core/access/access.ts";
import { configStore } from "#core/live/config-store.ts";
import { defineOperation } from "#core/operation.ts";
import { changeConfig } from "#features/configuration/change-config.ts";
import { configUpdated } from "#features/configuration/events.ts";
import { readDefaults } from "#features/configuration/read-defaults.ts";
import { ChangeConfigInput, ChangedConfig, ConfigDefaults, ConfigFile } from "#features/configuration/schema.ts";
import { defineFeature } from "#features/define-feature.ts";

const CHANGES = {
  access: ACCESS.own,
  input: ChangeConfigInput,
  output: ChangedConfig,
  otherNames: { baseHash: "base_hash" },
  errors: ["FAILED_PRECONDITION"],
  audit: configUpdated,
} as const;

const operations = [
  defineOperation({
    name: "config.get",
    access: ACCESS.own,
    summary: "Read the configuration of the gateway",
    description: "For owners of the gateway. What the file and the environment say now, without secrets.",
    input: z.object({}),
    output: ConfigFile,
    errors: ["FAILED_PRECONDITION"],
    run: async (ctx) => {
      const { config, from_file, from_environment, restart_keys, warnings, ...file } = ctx.use(configStore).read();
      return {
        ...file,
        config: { ...config },
        from_file: [...from_file],
        from_environment: [...from_environment],
        restart_keys: [...restart_keys],
        warnings: [...warnings],
      };
    },
  }),
  defineOperation({
    name: "config.schema",
    access: ACCESS.own,
    summary: "Read the JSON Schema of the configuration file",
    description: "For owners of the gateway. Every key with its description, default and limits.",
    input: z.object({}),
    output: z.object({ json: z.looseObject({}) }),
    run: async (ctx) => ({ json: { ...ctx.use(configStore).schema() } }),
  }),
  defineOperation({
    name: "config.defaults",
    access: { role: "admin", scope: "admin", tenant: "master", rate: "standard" },
    summary: "Read what agents without settings of their own get",
    description: "For administrators of the master tenant. Times and sizes that this gateway uses.",
    input: z.object({}),
    output: ConfigDefaults,
    run: async () => readDefaults(),
  }),
  defineOperation({
    name: "config.apply",
    ...CHANGES,
    summary: "Replace the configuration file",
    description:
      "For owners of the gateway. The text stays as it is sent, with its comments. Takes effect at once, except for `restart_keys`. What would not load is refused.",
    run: (ctx, input) => changeConfig(ctx, "apply", input),
  }),
  defineOperation({
    name: "config.patch",
    ...CHANGES,
    summary: "Change keys of the configuration file",
    description:
      "For owners of the gateway. Objects are merged, null removes a key. Comments stay. Takes effect at once, except for `restart_keys`.",
    run: (ctx, input) => changeConfig(ctx, "patch", input),
  }),
];

export const configurationFeature = defineFeature({ name: "configuration", operations, events: [configUpdated] });
