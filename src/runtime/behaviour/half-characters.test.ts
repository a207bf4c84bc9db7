import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";
import type { ModelReply } from "#testing/model-server.ts";
import { testDialects } from "#testing/test-database.ts";

/** A lone surrogate as JSON text shows it. */
const HALF = /\\ud[89a-f]/i;

describe.each([...testDialects()])("a lone surrogate on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());

  test.each([...WIRES])("reaches neither a model of the $wire format nor its session", async ({ wire }) => {
    const agent = await gateway.anAgent(wire);
    // The leading character puts the truncation of the file in the middle of a surrogate pair.
    const content = `a${"😀".repeat(40_000)}`;
    const replies: ModelReply[] = [
      { toolCalls: [{ name: "write_file", arguments: { path: "faces.txt", content } }] },
      { toolCalls: [{ name: "read_file", arguments: { path: "faces.txt" } }] },
      { text: "cut off: \ud83d" },
      { text: "still here" },
    ];
    model.script(() => replies.shift() ?? { text: "more" });
    const before = model.requests.length;
    const send = async (message: string) => {
      const session_key = `agent:${agent}:faces`;
      expect((await call("POST", `/v1/agents/${agent}/wake`, { message, session_key })).status).toBe(200);
    };
    await send("read it \ud800");
    await send("and now?");
    const requests = model.requests.slice(before);
    expect(requests[3]?.messages.map(({ text }) => text)).toContain("cut off: \ufffd");
    expect(requests).toHaveLength(4);
    for (const { body } of requests) expect(JSON.stringify(body)).not.toMatch(HALF);
    expect(JSON.stringify(requests[2]?.toolResults)).toContain("😀");
    const session = encodeURIComponent(`agent:${agent}:faces`);
    for (const path of ["/v1/runs", `/v1/sessions/${session}/messages`]) {
      const { status, text } = await call("GET", path);
      expect(status).toBe(200);
      expect(text).not.toMatch(HALF);
    }
  });
});
