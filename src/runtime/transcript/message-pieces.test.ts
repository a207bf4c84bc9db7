import { afterAll, describe, expect, spyOn, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { chainMessages, insertMessages } from "#runtime/transcript/append-messages.ts";
import type { NewMessage } from "#runtime/transcript/message-parts.ts";
import { startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const LONG = 'Phở "🍜" \\ bún\u0000chả\n'.repeat(80_000);
const KEY = "agent:scripted:long";
const NOW = "2026-01-01T00:00:00.000Z";

describe.each([...testDialects()])("a message of more than a million characters on %s", async (dialect) => {
  const { model, call, gateway, transcriptOf, stop } = await startRunGateway(
    { dialect },
    { context_window: 2_000_000 },
  );
  afterAll(stop);
  const headers = { "X-GoClaw-Session-Key": KEY };
  const chat = (...contents: readonly string[]) =>
    call(
      "POST",
      "/v1/chat/completions",
      { model: "goclaw:scripted", messages: contents.map((content) => ({ role: "user", content })) },
      { headers },
    );
  const countPieces = async () => {
    const { read } = gateway.database.forTenant(MASTER_TENANT_ID);
    return (await read.selectFrom("message_pieces").select("position").execute()).length;
  };

  test("is stored in pieces, read as a whole, sent again, and deleted with its session", async () => {
    model.script(() => ({ text: "fine" }));
    expect((await chat("before", LONG)).status).toBe(200);
    expect(await countPieces()).toBeGreaterThan(5);
    const stored = await transcriptOf(KEY);
    expect(stored.map(({ parts }) => (parts[0] as { text: string }).text === LONG)).toEqual([false, true, false]);

    const { messages } = (await call("GET", `/v1/sessions/${KEY}/messages`)).body;
    expect(messages).toEqual(stored);

    await call("POST", "/v1/agents/scripted/wake", { message: "and now?", session_key: KEY });
    const sent = model.requests.at(-1)?.messages.map(({ text }) => text === LONG);
    expect(sent?.filter(Boolean)).toHaveLength(1);

    expect((await call("DELETE", `/v1/sessions/${KEY}`)).status).toBe(200);
    expect(await countPieces()).toBe(0);
  });

  test("lets others have the event loop while it is stored, and so do many shorter ones", async () => {
    model.script(() => ({ text: "fine" }));
    await chat("hi");
    const tenant = gateway.database.forTenant(MASTER_TENANT_ID);
    const { id } = await tenant.read
      .selectFrom("sessions")
      .select("id")
      .where("key", "=", KEY)
      .executeTakeFirstOrThrow();
    const countRests = (texts: readonly string[]) =>
      tenant.write(async (queries) => {
        const rest = spyOn(queries, "rest");
        const messages = texts.map((text): NewMessage => ({ role: "user", parts: [{ type: "text", text }] }));
        await insertMessages(queries, id, undefined, chainMessages(undefined, messages, { runId: null, now: NOW }));
        return rest.mock.calls.length;
      });
    expect(await countRests([LONG.repeat(10)])).toBeGreaterThan(0);
    expect(await countRests(Array(1_900).fill("Việt Nam ".repeat(900)))).toBeGreaterThan(0);
  });
});
