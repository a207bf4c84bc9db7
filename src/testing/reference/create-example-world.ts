import { codeIn, signIn } from "#features/logins/login-fixture.ts";
import { aKey, aTenant, OWNER } from "#features/tenants/tenant-fixture.ts";
import { aForm } from "#testing/a-form.ts";
import { createIsolationFixtures } from "#testing/access/isolation-fixtures.ts";
import type { ExampleIds } from "#testing/reference/example-values.ts";
import type { CallOptions, TestGateway } from "#testing/test-gateway.ts";

/** What the examples of the reference are about. */
export interface ExampleWorld {
  /** An administrator of a tenant of its own. */
  readonly admin: CallOptions;
  /** An owner of the gateway. */
  readonly owner: CallOptions;
  readonly ids: ExampleIds;
  /** The gateway's time. */
  readonly now: Date;
}

export interface WorldOptions {
  /** The base of a model server that never finishes an answer. */
  readonly modelBase: string;
  readonly mcpServer: string;
  readonly now: Date;
}

/** Creates a tenant with one resource of every kind, and with what the examples of operations name. */
export async function createExampleWorld(
  gateway: TestGateway,
  { modelBase, mcpServer, now }: WorldOptions,
): Promise<ExampleWorld> {
  const tenant = await aTenant(gateway, "globex");
  const admin = { ...(await aKey(gateway, ["admin"], { tenant: "globex", owner_id: "ada", name: "ada" })), user: null };
  const send = async (method: string, path: string, body: object, caller: CallOptions = admin) => {
    const answer = await gateway.call(method, path, body, caller);
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
    return answer.body;
  };

  // These stay busy, so that there is something to cancel.
  await send("POST", "/v1/providers", { name: "slow", provider_type: "openai_compat", api_base: modelBase });
  for (const [agent_key, agent_description] of [
    ["writer", ""],
    ["editor", "Finds what is wrong in a text"],
    ["novelist", "Tells long stories"],
  ]) {
    await send("POST", "/v1/agents", { agent_key, agent_description, provider: "slow", model: "slow" });
  }
  await send("POST", "/v1/agents/editor/cancel-summon", {});
  const { session_key } = await send("POST", "/v1/agents/writer/runs", { input: "Write a novel." });
  const queued = await send("POST", "/v1/agents/writer/runs", { input: "And a sequel.", session_key });

  const ids = await createIsolationFixtures(gateway, admin);
  for (const user_id of ["ada", "grace", "bob", "lan"]) {
    await send("POST", `/v1/tenants/${tenant}/users`, { user_id, role: "operator" }, OWNER);
  }
  const demo = { provider: "isolated", model: "demo" };
  for (const agent_key of ["front-desk", "accounting", "default"]) {
    await send("POST", "/v1/agents", { agent_key, ...demo, is_default: agent_key === "default" });
  }

  const link = await send("POST", "/v1/logins/links", {}, OWNER);
  const { cookie } = await signIn(gateway, { token: admin.bearer });
  const long = "agent:default:tea";
  for (const message of ["Which tea is green?", "Which is black?", "Which is white?", "And which is red?"]) {
    await send("POST", "/v1/agents/default/wake", { message, session_key: long });
  }
  const document = `/v1/agents/${ids["agents/{id}"]}/memory/documents/memory/tea.md`;
  await send("PUT", document, { content: "Lan likes green tea." });
  await send("POST", "/v1/storage/files", aForm("draft.md", "# June\n"));
  await send("POST", "/v1/storage/files?path=reports", aForm("june.csv", "day,visits\n2026-06-01,42\n"));
  const { messages } = (await gateway.call("GET", `/v1/sessions/${ids["sessions/{key}"]}/messages`, undefined, admin))
    .body;
  await until(async () => {
    const { traces } = (await gateway.call("GET", "/v1/traces?status=completed", undefined, admin)).body;
    return traces.every((trace: { readonly llm_call_count: number }) => trace.llm_call_count > 0);
  });
  await until(async () => {
    const channel = `/v1/channel-instances/${ids["channel-instances/{id}"]}`;
    return (await gateway.call("GET", channel, undefined, admin)).body.health.state === "healthy";
  });
  const other = await aTenant(gateway, "initech");
  await send("POST", `/v1/tenants/${other}/users`, { user_id: "ada", role: "admin" }, OWNER);
  return {
    admin,
    owner: OWNER,
    now,
    ids: {
      ...ids,
      "tenants/{id}": other,
      "messages/{id}": messages[0].id,
      "runs/{queued}": queued.id,
      "login-code": codeIn(link.url),
      "login-cookie": cookie,
      "sessions/{busy}": session_key,
      "sessions/{long}": long,
      "mcp-server": mcpServer,
    },
  };
}

/** Spans are written, and channels connected, in the background. */
async function until(isReached: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    if (await isReached()) return;
    await Bun.sleep(20);
  }
  throw new Error("the world of the examples was not ready in time");
}
