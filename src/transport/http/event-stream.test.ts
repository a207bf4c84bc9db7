import { expect, test } from "bun:test";
import { createEventStreams } from "#transport/http/event-stream.ts";

test("a client that goes away before it reads ends what the stream is made of", async () => {
  const { promise: isOver, resolve } = Promise.withResolvers<boolean>();
  async function* frames() {
    try {
      yield "data: 1\n\n";
      yield "data: 2\n\n";
    } finally {
      resolve(true);
    }
  }
  await createEventStreams()(frames()).cancel();
  expect(await isOver).toBe(true);
});
