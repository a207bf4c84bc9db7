import { expect, test } from "bun:test";
import { createMetrics } from "#base/metrics.ts";

test("the metrics of the process are those that can be read without holding the event loop", async () => {
  const { registry } = createMetrics();
  const text = await registry.metrics();
  expect(text).toContain("goclaw_nodejs_eventloop_lag_p99_seconds");
  expect(text).toContain("goclaw_process_resident_memory_bytes");
  expect(text).not.toContain("heap_space");
});
