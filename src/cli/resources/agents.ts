import {
  type CommandArgument,
  type CommandOption,
  defineCommand,
  fields,
  PAGE,
  type Resource,
  sentence,
  table,
} from "#cli/resources/resource-command.ts";

const AGENT: CommandArgument = { name: "agent", field: "id", help: "its key or id" };

const SETTINGS: readonly CommandOption[] = [
  { flags: "--provider <name>", field: "provider", help: "the provider of its model" },
  { flags: "--model <name>", field: "model", help: "the model, as its provider names it" },
  { flags: "--name <text>", field: "display_name", help: "its name for people" },
  { flags: "--description <text>", field: "agent_description", help: "what it is for" },
  { flags: "--emoji <emoji>", field: "emoji", help: "its picture" },
];

export const agents: Resource = {
  name: "agents",
  summary: "manage agents",
  commands: [
    defineCommand("agents.list", {
      name: "list",
      summary: "list the agents that you may use",
      example: "goclaw agents list",
      options: [
        {
          flags: "--search <text>",
          field: "q",
          help: "a part of the key, the name, the model, the provider or the owner",
        },
        ...PAGE,
      ],
      show: table((answer) => answer.agents, {
        id: (agent) => agent.agent_key,
        empty: "There are no agents that you may use. Make one with goclaw agents create.",
        columns: [
          { title: "KEY", isKey: true, value: (agent) => agent.agent_key },
          { title: "NAME", value: ({ emoji, display_name = "" }) => `${emoji} ${display_name}`.trim() },
          { title: "PROVIDER", value: (agent) => agent.provider },
          { title: "MODEL", value: (agent) => agent.model },
          { title: "STATUS", kind: "status", value: (agent) => agent.status },
          { title: "OWNER", isExtra: true, value: (agent) => agent.owner_id },
          { title: "UPDATED", kind: "age", value: (agent) => agent.updated_at },
        ],
      }),
    }),
    defineCommand("agents.get", {
      name: "get",
      summary: "show an agent",
      example: "goclaw agents get default",
      arguments: [AGENT],
      show: fields((agent) => agent.agent_key),
    }),
    defineCommand("agents.create", {
      name: "create",
      summary: "create an agent",
      example: "goclaw agents create fox --provider openai --model gpt-5 --name Cáo --set max_tokens=4000",
      arguments: [{ name: "key", field: "agent_key", help: "its key, unique in the tenant" }],
      options: SETTINGS,
      show: fields((agent) => agent.agent_key),
    }),
    defineCommand("agents.update", {
      name: "update",
      summary: "change an agent",
      example: 'goclaw agents update fox --model gpt-5-mini --set tools_config=\'{"profile":"coding"}\'',
      arguments: [AGENT],
      options: SETTINGS,
      show: sentence((_, { id }) => `Changed the agent ${id}.`),
    }),
    defineCommand("agents.delete", {
      name: "delete",
      summary: "delete an agent",
      example: "goclaw agents delete fox",
      arguments: [AGENT],
      show: sentence((_, { id }) => `Deleted the agent ${id}.`),
    }),
  ],
};
