import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { Secret } from "#base/secret.ts";
import { findChannelType } from "#channels/types/channel-types.ts";
import { CreateInstanceInput } from "#features/channels/instances/schema.ts";

const Credentials = z.record(
  z.string().min(1).max(100),
  z
    .string()
    .trim()
    .min(1)
    .max(16_384)
    .meta({ writeOnly: true })
    .transform((text) => new Secret(text)),
);

/** An account on a chat platform as the configuration of the gateway has it, below its name. */
const ConfiguredInstance = CreateInstanceInput.omit({ name: true })
  .extend({ agent_id: CreateInstanceInput.shape.agent_id.default("default"), credentials: Credentials.default({}) })
  .strict()
  .superRefine(({ channel_type: type, config, credentials }, context) => {
    const known = findChannelType(type);
    for (const { path, message } of known?.config.safeParse(config ?? {}).error?.issues ?? []) {
      context.addIssue({ code: "custom", path: ["config", ...path], message: `is not usable: ${message}` });
    }
    for (const [name, form] of Object.entries(known?.credentials ?? {})) {
      const secret = Object.hasOwn(credentials, name) ? credentials[name] : undefined;
      if (!secret || form.test(secret.reveal())) continue;
      context.addIssue({ code: "custom", path: ["credentials", name], message: `must have the form ${form}` });
    }
  });
export type ConfiguredInstance = z.output<typeof ConfiguredInstance>;

/** The accounts of the configuration, by their names. */
export const ConfiguredInstances = z
  .record(CreateInstanceInput.shape.name, ConfiguredInstance)
  .refine(
    (instances) => Object.keys(instances).length <= LIMITS.channelsPerTenant,
    `must have at most ${LIMITS.channelsPerTenant} accounts`,
  );
export type ConfiguredInstances = z.output<typeof ConfiguredInstances>;
