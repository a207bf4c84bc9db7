import type { Target } from "./start-stage.ts";

export interface EventLoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Returns the gateway's event loop delay since the previous read of its metrics, in milliseconds. */
export async function readEventLoopDelay({ port, headers }: Pick<Target, "port" | "headers">): Promise<EventLoopDelay> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { headers });
  const text = await answer.text();
  const read = (name: string) => {
    const value = new RegExp(`^goclaw_nodejs_eventloop_lag_${name}_seconds (\\S+)$`, "m").exec(text)?.[1];
    if (value === undefined) throw new Error(`/metrics has no event loop lag ${name}`);
    return Number(value) * 1_000;
  };
  return { p50: read("p50"), p99: read("p99"), max: read("max") };
}
