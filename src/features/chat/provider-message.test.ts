import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { aKey } from "#features/tenants/tenant-fixture.ts";
import { PROVIDER_KEY, startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const SAID = "thing `x` went wrong";
/** What the provider answers. The gateway has to remove the key. */
const message = `${SAID} for ${PROVIDER_KEY}`;
const CLEAN = `${SAID} for [REDACTED]`;

describe.each([...testDialects()])("a provider's own words about a failure on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, env: { GOCLAW_MODELS_MAX_ATTEMPTS: "1" } });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());
  const agent = await gateway.anAgent("openai");
  const operator = await aKey(gateway, ["write"], { owner_id: "ada" });
  const admin = await aKey(gateway, ["admin"], { owner_id: "eve" });
  for (const user_id of ["ada", "eve"]) {
    const share = await call("POST", `/v1/agents/${agent}/shares`, { user_id, role: "operator" });
    expect(share.status).toBe(201);
  }
  const readers = [
    ["the gateway token", {}, CLEAN],
    ["a key with the admin scope", admin, CLEAN],
    ["a key without it", operator, undefined],
  ] as const;
  const chat = { model: `goclaw:${agent}`, messages: [{ role: "user", content: "hi" }] };
  const lastEventOf = (text: string) => JSON.parse(text.trim().split("\n\n").at(-1)?.replace("data: ", "") ?? "");
  const ways = [
    ["a chat", (reader: object) => call("POST", "/v1/chat/completions", chat, reader)],
    ["a streamed chat", (reader: object) => call("POST", "/v1/chat/completions", { ...chat, stream: true }, reader)],
    ["a wake", (reader: object) => call("POST", `/v1/agents/${agent}/wake`, { message: "hi" }, reader)],
  ] as const;

  test.each(readers)("are in the error's details for %s, or not", async (_, reader, said) => {
    model.script(() => ({ status: 400, text: message }));
    for (const [, send] of ways) {
      const answer = await send(reader);
      expect([answer.status, answer.body.error.details.provider_message]).toEqual([400, said as string]);
      expect(answer.text).not.toContain(PROVIDER_KEY);
      expect(said !== undefined || !answer.text.includes(SAID)).toBe(true);
    }
  });

  test.each(readers)("are in the error that ends a stream for %s, or not", async (_, reader, said) => {
    const error = `data: ${JSON.stringify({ error: { message } })}`;
    model.script(() => ({ text: "so far", rawLines: [error] }));
    const { text } = await call("POST", "/v1/chat/completions", { ...chat, stream: true }, reader);
    expect(lastEventOf(text).error.details.provider_message).toBe(said as string);
    expect(text).not.toContain(PROVIDER_KEY);
  });

  test("are in the run and its events for administrators, and for nobody else", async () => {
    model.script(() => ({ status: 400, text: message }));
    const started = await call("POST", `/v1/agents/${agent}/runs`, { input: "hi" }, operator);
    expect(started.status).toBe(202);
    const path = `/v1/runs/${started.body.id}`;
    await gateway.waitForEnd(started.body.id);
    for (const [, reader, said] of readers) {
      expect((await call("GET", path, undefined, reader)).body.error.details.provider_message).toBe(said as string);
      const events = await call("GET", `${path}/events`, undefined, reader);
      expect([events.text.includes(CLEAN), events.text.includes(SAID)]).toEqual([
        said !== undefined,
        said !== undefined,
      ]);
      expect(events.text).not.toContain(PROVIDER_KEY);
    }
  });

  test.each(["type", "code", "param", "status"])("leave out a key in the field %s, for every reader", async (field) => {
    const error = { message: "no", type: "invalid_request_error", code: "bad_value", [field]: PROVIDER_KEY };
    const left = field === "type" ? "(bad_value)" : `(invalid_request_error${field === "code" ? "" : ", bad_value"})`;
    model.script(() => ({ status: 400, body: { error } }));
    for (const [, reader] of readers) {
      for (const [, send] of ways) {
        const answer = await send(reader);
        expect(answer.body.error.message).toContain(left);
        expect(answer.text).not.toContain(PROVIDER_KEY);
      }
    }
    model.script(() => ({ text: "so far", rawLines: [`data: ${JSON.stringify({ error })}`] }));
    const { text } = await call("POST", "/v1/chat/completions", { ...chat, stream: true }, operator);
    expect(text).not.toContain(PROVIDER_KEY);
    model.script(() => ({ status: 400, body: { error } }));
    const started = await call("POST", `/v1/agents/${agent}/runs`, { input: "hi" }, operator);
    await gateway.waitForEnd(started.body.id);
    const { read } = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
    const run = await read.selectFrom("runs").select("error").where("id", "=", started.body.id).executeTakeFirst();
    expect(run?.error).toContain("error.provider_rejected");
    expect(run?.error).not.toContain(PROVIDER_KEY);
  });

  test("are in the span of the call, without the key", async () => {
    model.script(() => ({ status: 400, text: message }));
    const { body } = await call("POST", `/v1/agents/${agent}/runs`, { input: "hi" });
    await gateway.waitForEnd(body.id);
    const { read } = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
    const spanOf = () => read.selectFrom("spans").select("error").where("run_id", "=", body.id).executeTakeFirst();
    let span = await spanOf();
    for (; !span; span = await spanOf()) await Bun.sleep(20);
    expect(span.error).toBe(`invalid_request: ${CLEAN}`);
  });

  test("are not those of another candidate", async () => {
    const provider = "broken";
    await call("POST", "/v1/providers", { name: provider, provider_type: "claude_cli", api_base: "claude" });
    const candidates = [{ provider, model: "m" }];
    const fallen = await gateway.anAgent("openai", { model_fallback: { candidates, cooldown_enabled: false } });
    model.script(() => ({ status: 401, text: message }));
    const { body } = await call("POST", `/v1/agents/${fallen}/wake`, { message: "hi" });
    expect(body.error.details).toEqual({ reason: "provider_unsupported" });
  });
});
