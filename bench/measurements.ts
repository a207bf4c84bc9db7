import type { LoadJob } from "./load-jobs.ts";
import { cpuMs } from "./processes.ts";
import type { Stage, Target } from "./start-stage.ts";
import { medians } from "./statistics.ts";

/** The number and length of the measurements. */
export interface Effort {
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

export type Figures = Readonly<Record<string, number>>;

/** The medians of all rounds, for each target. */
export type Compared = Readonly<Record<Target["name"], Figures>>;

/**
 * Measures all cases and targets alternately in each round, so that changes in the machine's load affect all of them
 * equally.
 */
export async function compareEach<Case>(
  cases: readonly Case[],
  targets: readonly Target[],
  rounds: number,
  measure: (target: Target, testCase: Case) => Promise<Figures>,
): Promise<ReadonlyMap<Case, Compared>> {
  const all = new Map(
    cases.map((testCase) => [testCase, { model: [], bare: [], gateway: [] } as Record<Target["name"], Figures[]>]),
  );
  for (let round = 0; round < rounds; round++) {
    for (const [testCase, figures] of all) {
      for (const target of targets) figures[target.name].push(await measure(target, testCase));
    }
  }
  return new Map([...all].map(([testCase, figures]) => [testCase, mapMedians(figures)]));
}

/** Does the same as `compareEach`, for one case. */
export async function compare(
  targets: readonly Target[],
  rounds: number,
  measure: (target: Target) => Promise<Figures>,
): Promise<Compared> {
  const [compared] = (await compareEach([undefined], targets, rounds, measure)).values();
  return compared ?? { model: {}, bare: {}, gateway: {} };
}

const mapMedians = ({ model, bare, gateway }: Record<Target["name"], readonly Figures[]>): Compared => ({
  model: medians(model),
  bare: medians(bare),
  gateway: medians(gateway),
});

export const chatRequest = ({ port, headers, model }: Target, content: string, stream: boolean) => ({
  port,
  headers,
  method: "POST" as const,
  path: "/v1/chat/completions",
  body: { model, stream, messages: [{ role: "user", content }] },
});

/** Measures the answers per second of clients that never pause, and the server's CPU time per answer. */
export async function measureClosed(
  stage: Stage,
  target: Target,
  job: Omit<Extract<LoadJob, { kind: "closed" }>, "kind">,
): Promise<Figures> {
  const before = cpuMs(target.pid);
  const { answered, failed, seconds, latencyMs } = await stage.run({ kind: "closed", ...job });
  requireNoFailures(failed, target);
  const cpu = (cpuMs(target.pid) - before) / answered;
  return { perSecond: answered / seconds, cpuMs: cpu, p50: latencyMs.p50, p99: latencyMs.p99 };
}

/** A number of simultaneous streams, and the tokens that the model sends on each. */
export interface Pace {
  readonly streams: number;
  readonly tokens: number;
  readonly pauseMs: number;
}

/**
 * Measures simultaneous streams: the time to the first token, the delay of each token, and the server's CPU time per
 * token.
 */
export async function measureStreams(
  stage: Stage,
  target: Target,
  { streams, tokens, pauseMs }: Pace,
): Promise<Figures> {
  const before = cpuMs(target.pid);
  const request = chatRequest(target, `stream ${tokens} ${pauseMs}`, true);
  const result = await stage.run({ kind: "streams", request, streams });
  requireNoFailures(result.failed, target);
  if (result.tokens !== streams * tokens) throw new Error(`${target.name}: ${result.tokens} tokens arrived`);
  return {
    firstP50: result.firstTokenMs.p50,
    firstMax: result.firstTokenMs.max,
    delayP50: result.tokenDelayMs.p50,
    delayP99: result.tokenDelayMs.p99,
    cpuUs: ((cpuMs(target.pid) - before) * 1_000) / result.tokens,
  };
}

function requireNoFailures(failed: number, { name }: Target): void {
  if (failed > 0) throw new Error(`${failed} requests to ${name} failed`);
}
