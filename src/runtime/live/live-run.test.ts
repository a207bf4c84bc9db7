import { expect, test } from "bun:test";
import { LiveRun } from "#runtime/live/live-run.ts";

const NO_USAGE = {
  input_tokens: 0,
  output_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  reasoning_tokens: 0,
};

test("events are published in the order of their numbers, whatever the order of the commits", () => {
  const live = new LiveRun("run", 0);
  const seqs = () => live.eventsAfter({ seq: 0, offset: 0 })?.map(({ seq }) => seq);
  live.commit([{ type: "run.queued", seq: 1 }]);
  live.commit([{ type: "run.cancelled", reason: "", usage: NO_USAGE, seq: 4 }]);
  live.commit([{ type: "message.started", messageId: "m", seq: 3 }]);
  expect(seqs()).toEqual([1]);
  expect(live.current).toBeUndefined();
  live.commit([{ type: "run.started", attempt: 1, seq: 2 }]);
  expect(seqs()).toEqual([1, 2, 3, 4]);
});
