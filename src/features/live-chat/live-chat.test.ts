import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { openSocket } from "#testing/sockets/socket-client.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("a conversation over a WebSocket on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { model } = gateway;
  afterAll(() => gateway.stop());

  test("streams the answer, and then answers the call", async () => {
    const socket = await openSocket(gateway);
    model.enqueue({ text: ["Hel", "lo 🦊"], usage: { input: 3, output: 2 } });
    const answer = await socket.call("chat.send", { message: "hi", agentId: "openai", stream: true });
    const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
    expect(answer).toMatchObject({ content: "Hello 🦊", usage });
    expect(answer.sessionKey).toMatch(/^agent:openai:ws:direct:[0-9a-f]{8}$/);
    const events = socket.agentEvents(answer.runId);
    expect(events.map(({ type }) => type)).toEqual(["run.started", "chunk", "chunk", "run.completed"]);
    expect(events[0].payload).toEqual({ message: "hi" });
    expect(events[1]).toMatchObject({ agentId: "openai", userId: "ada", channel: "ws", sessionKey: answer.sessionKey });
    expect(events[3].payload).toMatchObject({ content: "Hello 🦊", usage });
    expect(socket.frames.at(-1)).toContain('"type":"res"');
    expect(socket.events.map(({ seq }) => seq)).toEqual(socket.events.map((_, index) => index + 1));
    await socket.close();
  });
});
