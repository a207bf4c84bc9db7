import {
  type CommandArgument,
  type CommandOption,
  defineCommand,
  fields,
  type LookUp,
  type Resource,
  sentence,
  table,
} from "#cli/resources/resource-command.ts";
import type { OutputOf } from "#client/index.ts";

const byName: LookUp = {
  operation: "providers.list",
  entries: ({ providers }: OutputOf<"providers.list">) => providers.map(({ id, name }) => ({ id, names: [name] })),
};
const PROVIDER: CommandArgument = { name: "provider", field: "id", help: "its name or id", lookUp: byName };

const SETTINGS: readonly CommandOption[] = [
  {
    flags: "--key <key>",
    field: "api_key",
    help: "its API key; better --set api_key=@file, which no list of processes shows",
  },
  { flags: "--base <url>", field: "api_base", help: "its address, where it is not that of its type" },
  { flags: "--display-name <text>", field: "display_name", help: "its name for people" },
];

export const providers: Resource = {
  name: "providers",
  summary: "manage the sources of models",
  commands: [
    defineCommand("providers.list", {
      name: "list",
      summary: "list providers",
      example: "goclaw providers list",
      show: table((answer) => answer.providers, {
        id: (provider) => provider.id,
        empty: "There are no providers. Add one with goclaw providers create.",
        columns: [
          { title: "NAME", isKey: true, value: (provider) => provider.name },
          { title: "TYPE", value: (provider) => provider.provider_type },
          { title: "ADDRESS", value: (provider) => provider.api_base },
          { title: "KEY", value: (provider) => provider.api_key },
          { title: "ENABLED", value: (provider) => provider.enabled },
          { title: "UPDATED", kind: "age", value: (provider) => provider.updated_at },
        ],
      }),
    }),
    defineCommand("providers.get", {
      name: "get",
      summary: "show a provider",
      example: "goclaw providers get openai",
      arguments: [PROVIDER],
      show: fields((provider) => provider.id),
    }),
    defineCommand("providers.create", {
      name: "create",
      summary: "add a provider",
      example: "goclaw providers create openai openai_compat --set api_key=@key.txt",
      arguments: [
        { name: "name", field: "name", help: "its name, by which agents know it" },
        { name: "type", field: "provider_type", help: "which API it speaks, such as openai_compat" },
      ],
      options: SETTINGS,
      show: fields((provider) => provider.id),
    }),
    defineCommand("providers.verify", {
      name: "verify",
      summary: "try a provider with its stored key",
      example: "goclaw providers verify openai --model gpt-5",
      arguments: [PROVIDER],
      options: [{ flags: "--model <name>", field: "model", help: "the model to try" }],
      show: sentence(() => "The provider works."),
      failure: ({ valid, error = "", provider_message = "" }) =>
        valid ? undefined : `The provider does not work: ${[error, provider_message].filter(Boolean).join(" – ")}`,
    }),
    defineCommand("providers.models", {
      name: "models",
      summary: "list the models of a provider",
      example: "goclaw providers models openai",
      arguments: [PROVIDER],
      show: table((answer) => answer.models, {
        id: (model) => model.id,
        empty: "The provider lists no models.",
        columns: [
          { title: "MODEL", isKey: true, value: (model) => model.id },
          { title: "NAME", value: (model) => model.name },
          { title: "REASONS", value: (model) => model.reasoning },
        ],
      }),
    }),
    defineCommand("providers.delete", {
      name: "delete",
      summary: "delete a provider",
      example: "goclaw providers delete openai",
      arguments: [PROVIDER],
      show: sentence(() => "Deleted the provider."),
    }),
  ],
};
