import { expect, test } from "bun:test";
import { failedPrecondition } from "#base/errors.ts";
import { type ChatStep, encodeChatStream } from "#features/chat/encode-chat.ts";
import { peekStart } from "#features/openai-runs/index.ts";

const HEADER = { id: "chatcmpl-1", created: 0, model: "m" };
const OPTIONS = { includeUsage: false, describeError: () => ({}) };

/** Returns the steps of a run, and a flag that is set when their reader has stopped. */
function theSteps(...steps: readonly ChatStep[]) {
  const reading = { isOver: false };
  async function* read(): AsyncGenerator<ChatStep> {
    try {
      yield* steps;
    } finally {
      reading.isOver = true;
    }
  }
  return { steps: read(), reading };
}

const aWord: ChatStep = { kind: "delta", delta: { content: "hi" } };
const errorOf = (step: ChatStep) => (step.kind === "error" ? step.error : undefined);
const aFailure: ChatStep = { kind: "error", error: failedPrecondition("error.run_cancelled", {}, "cancelled") };

test("peekStart stops reading a run that fails before its first word", async () => {
  const { steps, reading } = theSteps(aFailure);
  const refused = await peekStart(steps, errorOf).catch((thrown: unknown) => thrown);
  expect(refused).toBe(aFailure.kind === "error" ? aFailure.error : undefined);
  expect(reading.isOver).toBe(true);
});

test("a client that disconnects after the first frame stops reading the run", async () => {
  const { steps, reading } = theSteps(aWord, aWord);
  const frames = encodeChatStream((await peekStart(steps, errorOf)).steps, HEADER, OPTIONS);
  await frames.next();
  await frames.return(undefined);
  expect(reading.isOver).toBe(true);
});
