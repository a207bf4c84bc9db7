import { UsageError } from "#cli/command-errors.ts";
import {
  type CommandArgument,
  type CommandOption,
  defineCommand,
  fields,
  type Input,
  type LookUp,
  type Resource,
  sentence,
  table,
} from "#cli/resources/resource-command.ts";
import type { OutputOf } from "#client/index.ts";

const byName: LookUp = {
  operation: "mcp.servers.list",
  entries: ({ servers }: OutputOf<"mcp.servers.list">) => servers.map(({ id, name }) => ({ id, names: [name] })),
};
const SERVER: CommandArgument = { name: "server", field: "id", help: "its name or id", lookUp: byName };
const COMMAND: CommandArgument = {
  name: "command",
  field: "args",
  help: "a command to start instead, after --",
  isOptional: true,
  rest: "list",
};
const SETTINGS: readonly CommandOption[] = [
  { flags: "--server-url <url>", field: "url", help: "the address of the server" },
  { flags: "--key <key>", field: "api_key", help: "sent as a bearer token; better --set api_key=@file" },
  { flags: "--transport <name>", field: "transport", help: "stdio, sse or streamable-http, where it is not plain" },
];

/** An address means HTTP, and a command a process. */
function toServer(input: Input): Input {
  const { args, url } = input;
  const [command, ...rest] = Array.isArray(args) ? args : [];
  if (command !== undefined) return { transport: "stdio", ...input, command, args: rest };
  if (url === undefined) throw new UsageError("say where the server is: --server-url URL, or -- COMMAND …");
  return { transport: "streamable-http", ...input };
}

export const mcp: Resource = {
  name: "mcp",
  summary: "manage MCP servers",
  commands: [
    defineCommand("mcp.servers.list", {
      name: "list",
      summary: "list MCP servers",
      example: "goclaw mcp list",
      show: table((answer) => answer.servers, {
        id: (server) => server.id,
        empty: "There are no MCP servers. Add one with goclaw mcp add.",
        columns: [
          { title: "NAME", isKey: true, value: (server) => server.name },
          { title: "TRANSPORT", value: (server) => server.transport },
          { title: "WHERE", value: ({ url, command, args = [] }) => url ?? [command, ...args].join(" ") },
          { title: "AGENTS", value: (server) => server.agent_count },
          { title: "ENABLED", value: (server) => server.enabled },
          { title: "UPDATED", kind: "age", value: (server) => server.updated_at },
        ],
      }),
    }),
    defineCommand("mcp.servers.get", {
      name: "get",
      summary: "show an MCP server",
      example: "goclaw mcp get files",
      arguments: [SERVER],
      show: fields((server) => server.id),
    }),
    defineCommand("mcp.servers.create", {
      name: "add",
      summary: "add an MCP server",
      example: "goclaw mcp add search --server-url https://mcp.example.com/mcp",
      arguments: [{ name: "name", field: "name", help: "its name, a part of those of its tools" }, COMMAND],
      options: SETTINGS,
      prepare: toServer,
      show: fields((server) => server.id),
    }),
    defineCommand("mcp.servers.test", {
      name: "test",
      summary: "try an MCP server without adding it",
      example: "goclaw mcp test -- npx -y @modelcontextprotocol/server-memory",
      arguments: [COMMAND],
      options: SETTINGS,
      prepare: toServer,
      show: sentence(({ tool_count = 0 }) => `The server answers. It has ${tool_count} tools.`),
      failure: ({ success, error = "" }) => (success ? undefined : `The server does not work: ${error}`),
    }),
    defineCommand("mcp.servers.tools", {
      name: "tools",
      summary: "list the tools of an MCP server",
      example: "goclaw mcp tools files",
      arguments: [SERVER],
      show: table((answer) => answer.tools, {
        id: (tool) => tool.call_name,
        empty: "The server has no tools.",
        columns: [
          { title: "TOOL", isKey: true, value: (tool) => tool.name },
          { title: "CALLED", value: (tool) => tool.call_name },
          { title: "DESCRIPTION", value: (tool) => tool.description },
        ],
      }),
      failure: ({ error }) => error && `The tools cannot be listed: ${error}`,
    }),
    defineCommand("mcp.servers.delete", {
      name: "remove",
      summary: "remove an MCP server",
      example: "goclaw mcp remove files",
      arguments: [SERVER],
      show: sentence(() => "Removed the server."),
    }),
  ],
};
