import type { LoadJob } from "./load-jobs.ts";
import { cpuMs } from "./processes.ts";
import type { Stage, Target } from "./start-stage.ts";
import { medians } from "./statistics.ts";

/** How long everything is measured. */
export interface Effort {
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

export type Figures = Readonly<Record<string, number>>;

type ByTarget = Readonly<Record<Target["name"], Figures>>;

/** Rounds in which the targets take turns, so that a change of the machine's mood meets all of them alike. */
export async function compare(
  targets: readonly Target[],
  rounds: number,
  measure: (target: Target) => Promise<Figures>,
): Promise<ByTarget> {
  const all = new Map<Target["name"], Figures[]>();
  for (let round = 0; round < rounds; round++) {
    for (const target of targets) {
      all.set(target.name, [...(all.get(target.name) ?? []), await measure(target)]);
    }
  }
  const of = (name: Target["name"]) => medians(all.get(name) ?? [{}]);
  return { model: of("model"), bare: of("bare"), gateway: of("gateway") };
}

export const chatRequest = ({ port, headers, model }: Target, content: string, stream: boolean) => ({
  port,
  headers,
  method: "POST" as const,
  path: "/v1/chat/completions",
  body: { model, stream, messages: [{ role: "user", content }] },
});

/** Answers per second of clients that never pause, and the server's CPU for each. */
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

/** Streams that begin at once: time to the first token, delay of each token on its way, and the server's CPU for one. */
export async function measureStreams(
  stage: Stage,
  target: Target,
  { streams, tokens, pauseMs }: { readonly streams: number; readonly tokens: number; readonly pauseMs: number },
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
