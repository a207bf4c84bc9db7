/** Where the run engine can be made to die, for the test that kills it. Each is right after what it names. */
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

/** Dies, as by `kill -9`, when execution has passed a chosen point a chosen number of times. */
export interface Failpoints {
  pass(point: Failpoint): void;
}

/**
 * Reads `GOCLAW_FAILPOINTS`, such as `call.executed:2,run.ended`: the second and the first passing.
 * Throws unless `GOCLAW_TEST=1`, so that no setting can kill a gateway at work.
 */
export function createFailpoints(env: Readonly<Record<string, string | undefined>>): Failpoints {
  const text = env.GOCLAW_FAILPOINTS ?? "";
  if (text === "") return { pass: () => {} };
  if (env.GOCLAW_TEST !== "1") throw new Error("GOCLAW_FAILPOINTS is only for tests: it needs GOCLAW_TEST=1");
  const left = new Map(text.split(",").map(parseFailpoint));
  return {
    pass(point) {
      const count = left.get(point);
      if (count === undefined) return;
      left.set(point, count - 1);
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
