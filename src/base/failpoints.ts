/** Points at which the crash test can kill the run engine. Each point comes right after the step it names. */
export const FAILPOINTS = [
  "run.accepted",
  "run.claimed",
  "step.begun",
  "step.streaming",
  "turn.stored",
  "call.started",
  "call.executed",
  "call.stored",
  "results.stored",
  "run.ended",
] as const;
export type Failpoint = (typeof FAILPOINTS)[number];

/** Kills the process, like `kill -9`, once execution has passed a configured point a configured number of times. */
export interface Failpoints {
  pass(point: Failpoint): void;
}

/**
 * Parses `GOCLAW_FAILPOINTS`, for example `call.executed:2,run.ended`. The number is the pass that kills, by default 1.
 * Throws on an unknown name. Throws if `GOCLAW_TEST` is not `1`, because no setting may kill a gateway in production.
 */
export function createFailpoints(env: Readonly<Record<string, string | undefined>>): Failpoints {
  const text = env.GOCLAW_FAILPOINTS ?? "";
  if (text === "") return { pass: () => {} };
  if (env.GOCLAW_TEST !== "1") throw new Error("GOCLAW_FAILPOINTS is only for tests: it needs GOCLAW_TEST=1");
  const remaining = new Map(text.split(",").map(parseFailpoint));
  return {
    pass(point) {
      const count = remaining.get(point);
      if (count === undefined) return;
      remaining.set(point, count - 1);
      if (count <= 1) process.kill(process.pid, "SIGKILL");
    },
  };
}

function parseFailpoint(text: string): [Failpoint, number] {
  const [name = "", count = "1"] = text.trim().split(":");
  const point = FAILPOINTS.find((known) => known === name);
  if (!point) throw new Error(`GOCLAW_FAILPOINTS names ${name}; known are ${FAILPOINTS.join(", ")}`);
  return [point, Number(count)];
}
