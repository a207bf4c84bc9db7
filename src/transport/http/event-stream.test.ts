import { expect, test } from "bun:test";
import { createEventStreams } from "#transport/http/event-stream.ts";

test("a client that disconnects before it reads ends the source of the stream", async () => {
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
