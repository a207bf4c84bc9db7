import { aLoginCode, signIn } from "#features/logins/login-fixture.ts";
import { aForm } from "#testing/a-form.ts";
import { ADMINS, EVERYONE, type Expectation, MASTER_ADMINS, OWNERS, READERS, WRITERS } from "#testing/callers.ts";
import { deliver, PROGRAM_SECRET } from "#testing/channels/webhook-program.ts";
import { aSkillZip, toUpload } from "#testing/skills/skill-archive.ts";
import type { CallOptions, TestGateway } from "#testing/test-gateway.ts";

/**
 * Who may call which operation. Written by hand, one line per operation, so that a changed access rule fails a test.
 */
export const ACCESS_EXPECTATIONS: Readonly<Record<string, Expectation>> = {
  "gateway.info": EVERYONE,
  "gateway.health": EVERYONE,
  "gateway.ready": EVERYONE,
  "gateway.metrics": MASTER_ADMINS,

  "docs.openapi": EVERYONE,
  "docs.page": EVERYONE,
  "docs.folder": EVERYONE,
  "docs.asset": EVERYONE,

  "tenants.mine": READERS,
  "tenants.list": OWNERS,
  "tenants.create": OWNERS,
  "tenants.get": OWNERS,
  "tenants.update": OWNERS,
  "tenants.delete": OWNERS,
  "tenants.users.list": OWNERS,
  "tenants.users.set": OWNERS,
  "tenants.users.remove": OWNERS,

  "api_keys.list": ADMINS,
  "api_keys.create": ADMINS,
  "api_keys.revoke": ADMINS,

  "logins.list": READERS,
  "logins.create": EVERYONE,
  "logins.create_link": READERS,
  "logins.current": READERS,
  "logins.end": READERS,
  "logins.revoke": READERS,

  "providers.list": ADMINS,
  "providers.create": ADMINS,
  "providers.get": ADMINS,
  "providers.update": ADMINS,
  "providers.delete": ADMINS,
  "providers.models": ADMINS,
  "providers.verify": ADMINS,
  "providers.verify-embedding": ADMINS,

  "agents.list": READERS,
  "agents.create": WRITERS,
  "agents.get": READERS,
  "agents.update": WRITERS,
  "agents.delete": WRITERS,
  "agents.files.list": READERS,
  "agents.files.get": READERS,
  "agents.files.set": WRITERS,
  "agents.system-prompt-preview": READERS,
  "agents.regenerate": WRITERS,
  "agents.resummon": WRITERS,
  "agents.cancel-summon": WRITERS,
  "agents.links.list": READERS,
  "agents.links.create": ADMINS,
  "agents.links.update": ADMINS,
  "agents.links.delete": ADMINS,
  "usage.report": READERS,
  "usage.summary": READERS,
  "usage.timeseries": READERS,
  "usage.breakdown": READERS,
  "usage.export": READERS,
  "usage.events.summary": READERS,
  "usage.events.timeseries": READERS,
  "usage.events.breakdown": READERS,
  "costs.summary": READERS,
  "traces.list": READERS,
  "traces.follow": READERS,
  "traces.get": READERS,
  "traces.export": READERS,
  "events.list": READERS,
  "activity.list": READERS,
  "activity.aggregate": READERS,
  "delegations.list": READERS,
  "delegations.get": READERS,
  "agents.shares.list": WRITERS,
  "agents.shares.set": WRITERS,
  "agents.shares.remove": WRITERS,

  "agents.instances.list": READERS,
  "agents.instances.files.list": READERS,
  "agents.instances.files.get": READERS,
  "agents.instances.files.set": WRITERS,
  "agents.instances.metadata.update": WRITERS,
  "agents.wake": WRITERS,
  "runs.start": WRITERS,
  "runs.list": READERS,
  "runs.get": READERS,
  "runs.cancel": WRITERS,
  "runs.events": READERS,
  "chat.completions": WRITERS,

  "responses.create": WRITERS,
  "responses.get": READERS,
  "responses.delete": WRITERS,
  "responses.cancel": WRITERS,
  "responses.input_items": READERS,
  "models.list": READERS,
  "models.get": READERS,
  "sessions.list": READERS,
  "sessions.get": READERS,
  "sessions.messages": READERS,
  "sessions.update": WRITERS,
  "sessions.delete": WRITERS,
  "sessions.branch": WRITERS,
  "sessions.reset": WRITERS,
  "sessions.compact": WRITERS,
  "tools.builtin.list": READERS,
  "tools.builtin.get": READERS,
  "tools.builtin.update": ADMINS,
  "tools.invoke": WRITERS,
  "tools.custom.list": READERS,
  "tools.custom.create": ADMINS,
  "tools.custom.get": READERS,
  "tools.custom.update": ADMINS,
  "tools.custom.delete": ADMINS,

  "skills.list": READERS,
  "skills.upload": ADMINS,
  "skills.get": READERS,
  "skills.update": ADMINS,
  "skills.delete": ADMINS,
  "skills.toggle": ADMINS,
  "skills.versions": READERS,
  "skills.files.list": READERS,
  "skills.files.get": READERS,
  "skills.grants.list": ADMINS,
  "skills.grants.agent": ADMINS,
  "skills.grants.revoke-agent": ADMINS,
  "skills.grants.user": ADMINS,
  "skills.grants.revoke-user": ADMINS,
  "agents.skills.list": READERS,
  "agents.tools.list": READERS,
  "files.list": READERS,
  "files.get": READERS,
  "files.sign": WRITERS,
  "storage.read": READERS,
  "storage.upload": ADMINS,
  "storage.size": READERS,
  "storage.move": ADMINS,
  "storage.delete": ADMINS,
  "media.upload": WRITERS,
  "media.get": READERS,
  "sessions.media.get": READERS,
  "mcp.servers.list": READERS,
  "mcp.servers.create": ADMINS,
  "mcp.servers.test": ADMINS,
  "mcp.servers.get": READERS,
  "mcp.servers.update": ADMINS,
  "mcp.servers.delete": ADMINS,
  "mcp.servers.reconnect": ADMINS,
  "mcp.servers.tools": READERS,
  "mcp.grants.list": READERS,
  "mcp.grants.of_agent": READERS,
  "mcp.grants.set_agent": ADMINS,
  "mcp.grants.revoke_agent": ADMINS,
  "mcp.grants.set_user": ADMINS,
  "mcp.grants.revoke_user": ADMINS,
  "mcp.requests.create": READERS,
  "mcp.requests.list": READERS,
  "mcp.requests.review": ADMINS,
  "mcp.credentials.get": READERS,
  "mcp.credentials.set": WRITERS,
  "mcp.credentials.delete": WRITERS,

  "channels.instances.list": READERS,
  "channels.instances.create": ADMINS,
  "channels.instances.get": READERS,
  "channels.instances.update": ADMINS,
  "channels.instances.delete": ADMINS,
  "channels.instances.status": READERS,
  "channels.deliver": EVERYONE,
  "channels.pairings.list": ADMINS,
  "channels.pairings.approve": ADMINS,
  "channels.pairings.revoke": ADMINS,

  "memory.list": READERS,
  "memory.create": WRITERS,
  "memory.delete": WRITERS,
  "memory.documents.list-all": READERS,
  "memory.documents.list": READERS,
  "memory.documents.get": READERS,
  "memory.documents.put": WRITERS,
  "memory.documents.delete": WRITERS,
  "memory.chunks": READERS,
  "memory.index": WRITERS,
  "memory.index-all": WRITERS,
  "memory.search": READERS,
};

/**
 * Creates one resource of every kind that a path can name, through the API as the given caller. The keys are the last
 * fixed path segment with its parameter, such as `agents/{id}` for `/v1/agents/{id}`.
 */
export async function createIsolationFixtures(
  gateway: TestGateway,
  caller: CallOptions,
): Promise<Readonly<Record<string, string>>> {
  const { call, url } = gateway;
  const post = async (path: string, body: object) => {
    const answer = await call("POST", path, body, caller);
    if (answer.status >= 300) throw new Error(`POST ${path} answered ${answer.status}: ${answer.text}`);
    return answer.body;
  };
  const provider = await post("/v1/providers", { name: "isolated", provider_type: "demo" });
  const agent = await post("/v1/agents", { agent_key: "isolated", provider: "isolated", model: "demo" });
  await call("PUT", "/v1/agents/isolated/instances/somebody/files/USER.md", { content: "isolated" }, caller);
  const skill = await post("/v1/skills/upload", toUpload(aSkillZip({ name: "isolated" })));
  const media = await post("/v1/media/upload", aForm("isolated.png", "\x89PNG\r\n\x1a\n"));
  const run = await post("/v1/agents/isolated/wake", { message: "hello", attachments: [media.id] });
  await post("/v1/agents", { agent_key: "isolated-aide", provider: "isolated", model: "demo" });
  const link = await post("/v1/agent-links", { source_agent: "isolated", target_agent: "isolated-aide" });
  await post("/v1/agents/isolated/wake", { message: 'call delegate {"agent_key":"isolated-aide","task":"hello"}' });
  const { records } = (await call("GET", "/v1/delegations", undefined, caller)).body;
  const server = await post("/v1/mcp/servers", {
    ...{ name: "isolated", transport: "sse", url: "https://1.1.1.1/sse" },
    enabled: false,
  });
  const file = await post("/v1/storage/files", aForm("isolated.txt", "isolated"));
  const request = await post("/v1/mcp/requests", { server_id: server.id });
  const response = await post("/v1/responses", { model: "goclaw:isolated", input: "hello" });
  const memory = await post("/v1/memory", { agent_id: agent.id, content: "isolated", path: "isolated.md" });
  const channel = await post("/v1/channel-instances", {
    ...{ name: "isolated", channel_type: "webhook", agent_id: agent.id },
    credentials: { secret: PROGRAM_SECRET },
    config: { dm_policy: "pairing" },
  });
  // The gateway may have another time than this machine.
  const timestamp = Math.floor(Date.parse(channel.created_at) / 1_000);
  await deliver({ url }, channel.id, { message_id: "isolated", text: "hello" }, { timestamp });
  const transcript = await call("GET", `/v1/sessions/${run.session_key}/messages`, undefined, caller);
  const blob = /"blob":"(\w+)"/.exec(transcript.text)?.[1] ?? "no blob";
  const { pairings } = (await call("GET", "/v1/channel-pairings", undefined, caller)).body;
  return {
    "channel-instances/{id}": channel.id,
    "channel-pairings/{id}": pairings[0].id,
    "instances/{id}": channel.id,
    "agents/{id}": agent.id,
    "agents/{agentID}": agent.id,
    "agent/{agentID}": agent.id,
    "skills/{id}": skill.id,
    "logins/{id}": (await signIn(gateway, { code: await aLoginCode(gateway, caller) })).id,
    "providers/{id}": provider.id,
    "api-keys/{id}": (await post("/v1/api-keys", { name: "isolated", scopes: ["read"] })).id,
    "custom/{id}": (await post("/v1/tools/custom", { name: "isolated", command: "true" })).id,
    "agent-links/{id}": link.id,
    "delegations/{id}": records[0].id,
    "runs/{id}": run.run_id,
    "responses/{id}": response.id,
    "traces/{id}": run.run_id,
    "sessions/{key}": run.session_key,
    "models/{model}": "goclaw:isolated",
    "servers/{id}": server.id,
    "requests/{id}": request.id,
    "agent/{agent_id}": agent.id,
    "memory/{id}": memory.id,
    "storage/{path}": file.path,
    "media/{id}": media.id,
    "media/{blob}": blob,
  };
}

/** The lists that contain these resources. */
export const ISOLATED_LISTS: readonly string[] = [
  "/v1/agents",
  "/v1/providers",
  "/v1/api-keys",
  "/v1/logins",
  "/v1/tools/custom",
  "/v1/runs",
  "/v1/traces",
  "/v1/agent-links",
  "/v1/delegations",
  "/v1/sessions",
  "/v1/models",
  "/v1/skills",
  "/v1/mcp/servers",
  "/v1/mcp/requests",
  "/v1/memory",
  "/v1/channel-instances",
  "/v1/channel-pairings",
  "/v1/files",
];

/** The query of a read that needs one, by the name of its operation. */
export const NEEDED_QUERIES: Readonly<Record<string, string>> = { "memory.chunks": "?path=isolated.md" };

/** The resources that no list contains. */
export const UNLISTED: readonly string[] = ["media/{id}", "media/{blob}", "responses/{id}"];
