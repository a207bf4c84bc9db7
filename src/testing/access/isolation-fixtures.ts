import { newId, toTenantId } from "#base/ids.ts";
import { aLoginCode, signIn } from "#features/logins/login-fixture.ts";
import { aForm } from "#testing/a-form.ts";
import { deliver, PROGRAM_SECRET } from "#testing/channels/webhook-program.ts";
import { aSkillZip, toUpload } from "#testing/skills/skill-archive.ts";
import type { CallOptions, TestGateway } from "#testing/test-gateway.ts";

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
  const { tenant_id } = (await call("GET", "/v1/logins/current", undefined, caller)).body;
  const { pairings } = (await call("GET", "/v1/channel-pairings", undefined, caller)).body;
  return {
    "channel-instances/{id}": channel.id,
    "channel-pairings/{id}": pairings[0].id,
    "outbound/{message_id}": await aFailedMessage(gateway, tenant_id, channel.id),
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
    "jobs/{id}": await aDeadJob(gateway, tenant_id),
    "media/{id}": media.id,
    "media/{blob}": blob,
  };
}

/** Makes a job that failed at every attempt, which nobody can make through the API. */
async function aDeadJob({ gateway: { database } }: TestGateway, tenantId: string): Promise<string> {
  const system = database.system("a test makes a dead job");
  const [id, at] = [newId(), "2026-01-02T03:04:05.678Z"];
  await system.write((queries) =>
    system
      .scope(queries, toTenantId(tenantId))
      .insertInto("jobs", {
        ...{ id, name: "memory.embed", key: null, payload: "{}", run_at: at, attempt: 5, max_attempts: 5, dead_at: at },
        ...{ lease_owner: null, lease_until: null, must_repeat: 0, error: "the provider is away", created_at: at },
      })
      .execute(),
  );
  return id;
}

/** Makes a message that a platform refused. Only a platform can do so. */
async function aFailedMessage({ gateway: { database } }: TestGateway, tenantId: string, instance_id: string) {
  const system = database.system("a test makes a message that failed");
  const [id, at] = [newId(), "2026-01-02T03:04:05.678Z"];
  const content = { text: "Your order is on its way.", media: [], target: { kind: "direct", chatId: "ann" } };
  await system.write((queries) =>
    system
      .scope(queries, toTenantId(tenantId))
      .insertInto("channel_outbound", {
        ...{ id, instance_id, key: "isolated", chat_key: "direct:ann", inbound_id: null, run_id: null },
        ...{ content: JSON.stringify(content), state: "failed", parts: 1, parts_sent: 0, open_part: null, attempt: 1 },
        ...{ lost_parts: "[]", repeat_parts: "[]", external_ids: "[]", error: "the receiver answered 400" },
        ...{ retried_at: null, created_at: at, ended_at: at },
      })
      .execute(),
  );
  return id;
}
