import { readEventLoopDelay } from "./event-loop-delay.ts";
import type { Figures } from "./measurements.ts";
import { peakMegabytes, resetPeak } from "./processes.ts";
import type { Stage, Target } from "./start-stage.ts";

/** How many callers send large texts at the same moment. */
const CALLERS = 30;

/** Bodies that cost a careless server far more than their size. */
const BODIES: readonly (() => object)[] = [
  () => ({ messages: [{ role: "user", content: Array(5_000_000).fill(1) }] }),
  () => ({
    messages: [],
    metadata: Object.fromEntries(Array.from({ length: 900_000 }, (_, index) => [`k${index}`, 1])),
  }),
  () => ({ messages: Array(2_000).fill({ role: "nobody", content: 5 }) }),
];

/**
 * Measures the longest delay of the gateway's event loop in milliseconds, and its peak memory in megabytes, while a
 * legitimate caller sends hostile bodies and then thirty chats of 19 MB at once.
 */
export async function measureHostile({ gateway }: Stage): Promise<Figures> {
  await readEventLoopDelay(gateway);
  resetPeak(gateway.pid);
  for (const body of BODIES) await post(gateway, JSON.stringify({ model: gateway.model, ...body() }));
  const text = JSON.stringify({ model: gateway.model, messages: [{ role: "user", content: "x".repeat(19_000_000) }] });
  await Promise.all(Array.from({ length: CALLERS }, () => post(gateway, text)));
  const { p99, max } = await readEventLoopDelay(gateway);
  return { delayP99: p99, delayMax: max, peakMegabytes: peakMegabytes(gateway.pid) };
}

async function post({ port, headers }: Target, body: string): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body,
  });
  await answer.arrayBuffer();
}
