import { expect, test } from "bun:test";
import { createAnswerStreams } from "#transport/http/answer-stream.ts";

test("a client that disconnects before it reads ends the source of the stream", async () => {
  const { promise: isOver, resolve } = Promise.withResolvers<boolean>();
  async function* pieces() {
    try {
      yield new Uint8Array([1]);
      yield new Uint8Array([2]);
    } finally {
      resolve(true);
    }
  }
  let ends = 0;
  const connection = { limitSilence: () => {} };
  await createAnswerStreams()({ pieces: pieces(), connection, onEnd: () => ends++ }).cancel();
  expect([await isOver, ends]).toEqual([true, 1]);
});

test("a client that stops reading is given up, and its connection ends", async () => {
  let produced = 0;
  const { promise: isOver, resolve } = Promise.withResolvers<void>();
  async function* endless() {
    try {
      for (;;) {
        produced++;
        yield "x";
      }
    } finally {
      resolve();
    }
  }
  const silences: number[] = [];
  const connection = { limitSilence: (seconds: number) => void silences.push(seconds) };
  const reader = createAnswerStreams(1)({ pieces: endless(), connection }).getReader();
  await reader.read();
  await isOver;
  expect(produced).toBeLessThan(4);
  expect(silences.at(-1)).toBe(1);
  expect(await reader.read().catch((thrown: Error) => thrown.message)).toBe("the client stopped reading");
});
