import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { MESSAGE_COLUMNS } from "#db/messages/message-columns.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

/** Above the size from which texts are written as JSON, and sent, in pieces. */
const TEXT = 'Phở 🍜 và "bún chả"\n'.repeat(100_000);

describe.each([...testDialects()])("a chat with large texts on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());
  const chat = (more: object) => call("POST", "/v1/chat/completions", { model: "goclaw:openai", ...more });

  test("sends them to the model unchanged, and keeps them so", async () => {
    model.script(() => ({ text: "fine" }));
    const { status, headers } = await chat({ messages: [{ role: "user", content: TEXT }] });
    expect(status).toBe(200);
    const sent = model.requests.map(({ body }) => (body as { messages: { content: string }[] }).messages.at(-1));
    expect(sent.some((message) => message?.content === TEXT)).toBe(true);
    const stored = await gateway.gateway.database
      .forTenant(MASTER_TENANT_ID)
      .read.selectFrom("messages")
      .innerJoin("sessions", "sessions.id", "messages.session_id")
      .select(MESSAGE_COLUMNS)
      .where("sessions.key", "=", headers.get("x-goclaw-session-key") ?? "")
      .where("messages.role", "=", "user")
      .execute();
    expect(stored.map(({ parts }) => JSON.parse(parts)[0].text === TEXT)).toEqual([true]);
  });

  test("refuses instructions, tools and formats beyond their limit, before it calls the model", async () => {
    const before = model.requests.length;
    const { runOptionsChars: max } = LIMITS;
    const { status, body } = await chat({
      messages: [
        { role: "system", content: "x".repeat(max) },
        { role: "user", content: "hi" },
      ],
    });
    expect([status, body.error.code, model.requests.length]).toEqual([400, "INVALID_REQUEST", before]);
    expect(body.error.message).toContain(String(max));
  });
});
