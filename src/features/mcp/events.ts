import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";
import { CONNECTION_STATES } from "#mcp/index.ts";

const SERVER = "mcp_server";
const REQUEST = "mcp_request";
const Named = z.object({ name: z.string() });
const OfAgent = Named.extend({ agent_id: z.string() });
const OfUser = Named.extend({ user_id: z.string() });

export const serverCreated = defineEvent({
  type: "mcp_server.created",
  entity: SERVER,
  payload: Named.extend({ transport: z.string() }),
});
export const serverUpdated = defineEvent({
  type: "mcp_server.updated",
  entity: SERVER,
  payload: Named.extend({ changed: z.array(z.string()).describe("The names of the changed fields") }),
});
export const serverDeleted = defineEvent({ type: "mcp_server.deleted", entity: SERVER, payload: Named });
export const serverReconnected = defineEvent({ type: "mcp_server.reconnected", entity: SERVER, payload: Named });
/** The connections of a node to a server fare otherwise than before. Each node tells of its own. */
export const serverStateChanged = defineEvent({
  type: "mcp_server.state_changed",
  entity: SERVER,
  payload: z.object({
    state: z.enum(CONNECTION_STATES),
    error: z.string().optional().describe("Why it failed, in English"),
    tool_count: z.int().optional(),
  }),
});
export const credentialsChanged = defineEvent({
  type: "mcp_server.user_credentials_changed",
  entity: SERVER,
  payload: OfUser,
});
export const agentGranted = defineEvent({ type: "mcp_server.agent_granted", entity: SERVER, payload: OfAgent });
export const agentRevoked = defineEvent({ type: "mcp_server.agent_revoked", entity: SERVER, payload: OfAgent });
export const userGranted = defineEvent({ type: "mcp_server.user_granted", entity: SERVER, payload: OfUser });
export const userRevoked = defineEvent({ type: "mcp_server.user_revoked", entity: SERVER, payload: OfUser });
export const requestCreated = defineEvent({
  type: "mcp_request.created",
  entity: REQUEST,
  payload: z.object({ server_id: z.string(), scope: z.string() }),
});
export const requestReviewed = defineEvent({
  type: "mcp_request.reviewed",
  entity: REQUEST,
  payload: z.object({ server_id: z.string(), status: z.string() }),
});

/** The events after which connections to a server are opened anew. */
export const connectionEvents = [serverUpdated, serverDeleted, serverReconnected, credentialsChanged];

/** Every kind of event that changes which tools somebody has. */
export const accessEvents = [
  ...connectionEvents,
  serverCreated,
  agentGranted,
  agentRevoked,
  userGranted,
  userRevoked,
  requestReviewed,
];

/** Every kind of event about MCP. */
export const mcpEvents = [...accessEvents, requestCreated, serverStateChanged];
