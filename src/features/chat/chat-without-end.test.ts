import { expect, test } from "bun:test";
import { type ChatStep, collectChat, encodeChatStream, toChatSteps } from "#features/chat/encode-chat.ts";
import type { FollowedEvent } from "#runtime/runs/run-events.ts";

const READER = { role: "operator", showsReasoning: false } as const;
const HEADER = { id: "chatcmpl-1", created: 0, model: "m" };

/** Yields the events of a run that writes one word and has no end. */
async function* eventsWithoutEnd(): AsyncGenerator<FollowedEvent> {
  yield { event: { type: "message.started", seq: 1, messageId: "m" }, cursor: "1" };
  yield { event: { type: "text.delta", seq: 1, messageId: "m", offset: 0, text: "so" }, cursor: "1:2" };
}

test("a run whose events have no end gives a typed error", async () => {
  const steps: ChatStep[] = await Array.fromAsync(toChatSteps(READER, eventsWithoutEnd()));
  expect(steps).toMatchObject([
    { kind: "delta", delta: { content: "so" } },
    { kind: "error", error: { code: "INTERNAL", key: "error.run_internal" } },
  ]);
  await expect(collectChat(toChatSteps(READER, eventsWithoutEnd()), HEADER)).rejects.toMatchObject({
    code: "INTERNAL",
  });
});

test("its stream ends with that error, and without [DONE] or a finish reason", async () => {
  const describeError = (thrown: unknown) => ({ code: (thrown as { code: string }).code });
  const options = { includeUsage: false, describeError };
  const frames = await Array.fromAsync(encodeChatStream(toChatSteps(READER, eventsWithoutEnd()), HEADER, options));
  expect(frames.at(-1)).toBe('data: {"error":{"code":"INTERNAL"}}\n\n');
  expect(frames.join("")).not.toContain("[DONE]");
  expect(frames.join("")).not.toContain('"finish_reason":"');
});
