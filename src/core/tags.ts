/** A group of operations in the documentation, with what it is about. */
export interface Tag {
  readonly name: string;
  readonly description: string;
}

const OPENAI: Tag = {
  name: "OpenAI-compatible",
  description: "The routes that OpenAI's clients call. Agents stand for models.",
};

const FILES: Tag = { name: "Files", description: "The files that agents keep in their workspaces." };

const USAGE: Tag = { name: "Usage", description: "How much was used, by whom, and what it cost." };

const SOCKETS: Tag = { name: "WebSocket", description: "What only clients on a WebSocket call." };

/** The groups of operations, by the first part of the operations' names. */
export const TAGS = {
  gateway: { name: "Gateway", description: "Whether the gateway lives, takes work and how it fares." },
  tenants: {
    name: "Tenants",
    description: "Customers of the gateway, each with data of its own, and the users in them.",
  },
  api_keys: { name: "API keys", description: "Keys with which programs call the gateway." },
  logins: { name: "Logins", description: "Browsers that are signed in, and links that sign them in." },
  providers: {
    name: "Providers",
    description: "Services that run language models, with their addresses and credentials.",
  },
  agents: {
    name: "Agents",
    description:
      "Models with instructions, tools and memory of their own; who may use them, and what they keep of each user.",
  },
  runs: { name: "Runs", description: "The work of an agent on one message: start, follow and cancel it." },
  chat: OPENAI,
  responses: OPENAI,
  models: OPENAI,
  sessions: { name: "Sessions", description: "Conversations of users with agents." },
  tools: { name: "Tools", description: "What agents can do besides talking." },
  delegations: { name: "Delegations", description: "Tasks that agents handed to each other." },
  skills: { name: "Skills", description: "Instructions and scripts that agents load when a task needs them." },
  files: FILES,
  storage: FILES,
  media: { name: "Media", description: "Files that callers upload for use in messages." },
  mcp: { name: "MCP", description: "Servers that bring tools of their own, and which agents and users may use them." },
  memory: { name: "Memory", description: "What agents remember, for one user or for all, and how to search it." },
  usage: USAGE,
  costs: USAGE,
  traces: {
    name: "Traces",
    description: "What each run did: its calls of models and tools, with their times and costs.",
  },
  channels: { name: "Channels", description: "Accounts of agents on chat platforms, and who may write to them." },
  activity: { name: "Activity", description: "Who changed what, and when." },
  jobs: { name: "Jobs", description: "Work in the background, which survives the process that began it." },
  events: { name: "Events", description: "What happens in the tenant, as it happens." },
  cron: SOCKETS,
  heartbeat: SOCKETS,
  exec: SOCKETS,
  teams: SOCKETS,
  hooks: SOCKETS,
  voices: SOCKETS,
  workstations: SOCKETS,
  zalo: SOCKETS,
  whatsapp: SOCKETS,
  config: SOCKETS,
  devices: SOCKETS,
  docs: { name: "Documentation", description: "This document, and the page that shows it." },
} as const satisfies Readonly<Record<string, Tag>>;

type Group = keyof typeof TAGS;

/** The name of an operation, such as `agents.create`. Its first part is a key of `TAGS`. */
export type OperationName = `${Group}.${string}`;

/** Returns the group of an operation. */
export function tagOf(name: OperationName): Tag {
  // Safe: the name begins with a group and a dot, by its type.
  return TAGS[name.slice(0, name.indexOf(".")) as Group];
}
