import { z } from "zod";
import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { DELETED, Deleted, listOf, statusOf, UPDATED, Updated } from "#core/wire.ts";
import { serverCreated, serverDeleted, serverReconnected, serverUpdated } from "#features/mcp/events.ts";
import { createServer } from "#features/mcp/servers/create-server.ts";
import { deleteServer } from "#features/mcp/servers/delete-server.ts";
import { listServerTools } from "#features/mcp/servers/list-server-tools.ts";
import { reconnectServer } from "#features/mcp/servers/reconnect-server.ts";
import { getServer, listServers } from "#features/mcp/servers/repository.ts";
import * as schema from "#features/mcp/servers/schema.ts";
import { testServer } from "#features/mcp/servers/test-server.ts";
import { updateServer } from "#features/mcp/servers/update-server.ts";

const LIST = "/v1/mcp/servers";
const ONE = "/v1/mcp/servers/{id}";

export const serverOperations = [
  defineOperation({
    name: "mcp.servers.list",
    http: { method: "GET", path: LIST },
    access: ACCESS.read,
    summary: "List MCP servers, by name",
    description:
      "At most 1,000, with the number of agents that may use each, and how the connection fares. Nothing is connected for it. Credentials are masked.",
    input: z.object({}),
    output: listOf("servers", schema.ListedMcpServer),
    run: async (ctx) => ({ servers: await listServers(ctx) }),
  }),
  defineOperation({
    name: "mcp.servers.create",
    http: { method: "POST", path: LIST, status: 201 },
    runsOnce: true,
    access: ACCESS.administer,
    summary: "Register an MCP server",
    description:
      "For administrators; stdio only in the master tenant, and where the operator allows it. Nothing is called or started. Credentials are stored encrypted.",
    input: schema.CreateMcpServerInput,
    output: schema.McpServer,
    errors: ["ALREADY_EXISTS", "FAILED_PRECONDITION"],
    audit: serverCreated,
    example: { input: { name: "docs", transport: "streamable-http", url: "https://192.0.2.10/mcp" } },
    run: createServer,
  }),
  defineOperation({
    name: "mcp.servers.test",
    http: { method: "POST", path: `${LIST}/test` },
    runsOnce: true,
    access: ACCESS.administer,
    summary: "Try a server without storing it",
    description:
      "For administrators, with the same rights as storing it. The server is called, or its process started and ended; a failure is an answer with `success: false`.",
    input: schema.TestMcpServerInput,
    output: schema.McpServerVerdict,
    errors: ["FAILED_PRECONDITION"],
    example: {
      input: { transport: "streamable-http", url: "https://192.0.2.10/mcp" },
      output: { success: true, tool_count: 3 },
    },
    run: testServer,
  }),
  defineOperation({
    name: "mcp.servers.get",
    http: { method: "GET", path: ONE },
    access: ACCESS.read,
    summary: "Read an MCP server",
    description: "With how the connection fares, and how it fared before. Credentials are masked.",
    input: schema.ServerPath,
    output: schema.McpServerWithStory,
    run: getServer,
  }),
  defineOperation({
    name: "mcp.servers.update",
    http: { method: "PUT", path: ONE },
    access: ACCESS.administer,
    summary: "Change an MCP server",
    description:
      "For administrators. Fields that are left out keep their values. A changed transport, command or url needs the credentials again, and deletes those of users.",
    input: schema.UpdateMcpServerInput,
    output: Updated,
    errors: ["ALREADY_EXISTS", "FAILED_PRECONDITION"],
    audit: serverUpdated,
    example: { input: { timeout_sec: 30 }, output: UPDATED },
    run: async (ctx, input) => {
      await updateServer(ctx, input);
      return UPDATED;
    },
  }),
  defineOperation({
    name: "mcp.servers.delete",
    http: { method: "DELETE", path: ONE },
    access: ACCESS.administer,
    summary: "Delete an MCP server",
    description: "For administrators. Its grants, requests and the credentials of users go with it.",
    input: schema.ServerPath,
    output: Deleted,
    audit: serverDeleted,
    run: async (ctx, input) => {
      await deleteServer(ctx, input);
      return DELETED;
    },
  }),
  defineOperation({
    name: "mcp.servers.reconnect",
    http: { method: "POST", path: `${ONE}/reconnect` },
    runsOnce: true,
    access: ACCESS.administer,
    summary: "End the connections to a server",
    description: "For administrators. The next use connects anew, without the pause that follows failures.",
    input: schema.ServerPath,
    output: statusOf("reconnected"),
    audit: serverReconnected,
    run: async (ctx, input) => {
      await reconnectServer(ctx, input);
      return { status: "reconnected" } as const;
    },
  }),
  defineOperation({
    name: "mcp.servers.tools",
    http: { method: "GET", path: `${ONE}/tools` },
    access: ACCESS.read,
    summary: "List the tools of a server",
    description: "The server is asked, unless its list is known. The list is empty, with an `error`, where it fails.",
    input: schema.ServerPath,
    output: schema.McpServerTools,
    run: listServerTools,
  }),
];
