import { type EventLoopDelay, readEventLoopDelay } from "./event-loop-delay.ts";
import { measureStart } from "./measure-start.ts";
import { chatRequest, compare, type Effort, type Figures, measureClosed, measureStreams } from "./measurements.ts";
import { type Stage, startStage, type Target } from "./start-stage.ts";

type Compared = Awaited<ReturnType<typeof compare>>;

/** Everything that one run of the benchmark found out. */
export interface Measured {
  readonly chats: ReadonlyMap<number, Compared>;
  readonly streams: ReadonlyMap<number, Compared>;
  readonly agents: Compared;
  readonly toolRun: Figures;
  readonly delay: EventLoopDelay;
  readonly start: Figures;
}

const CHAT_CLIENTS = [1, 16, 64];
/** Few streams are paced fast and many slowly, so that none of the processes is ever short of CPU. */
const STREAMS = [
  { streams: 1, tokens: 300, pauseMs: 5 },
  { streams: 100, tokens: 60, pauseMs: 25 },
  { streams: 500, tokens: 40, pauseMs: 100 },
];
const TOOL_ROUNDS = 10;
const CLIENTS = 16;

export async function measureAll(
  command: readonly string[],
  effort: Effort,
  log: (line: string) => void,
): Promise<Measured> {
  log("start and memory");
  const start = await measureStart(command, effort.rounds);
  const stage = await startStage(command);
  try {
    log("warming up");
    await warmUp(stage, effort);
    const chats = new Map<number, Compared>();
    await readEventLoopDelay(stage.gateway);
    for (const clients of CHAT_CLIENTS) {
      log(`chats of ${clients} clients`);
      chats.set(clients, await compareChats(stage, effort, clients));
    }
    const delay = await readEventLoopDelay(stage.gateway);
    const streams = new Map<number, Compared>();
    for (const pace of STREAMS) {
      log(`${pace.streams} streams`);
      const targets = [stage.model, stage.bare, stage.gateway];
      streams.set(pace.streams, await compare(targets, effort.rounds, (target) => measureStreams(stage, target, pace)));
    }
    log("lists of agents and runs with tools");
    return {
      chats,
      streams,
      agents: await compareLists(stage, effort),
      toolRun: await measureTools(stage, effort),
      delay,
      start,
    };
  } finally {
    await stage.stop();
  }
}

async function warmUp(stage: Stage, { warmUpSeconds: seconds }: Effort): Promise<void> {
  for (const target of [stage.bare, stage.gateway]) {
    const request = chatRequest(target, "Hello!", false);
    await measureClosed(stage, target, { request, clients: CLIENTS, seconds });
  }
  for (const target of [stage.model, stage.bare, stage.gateway, stage.gateway]) {
    await measureStreams(stage, target, { streams: 100, tokens: 40, pauseMs: 20 });
  }
}

const compareChats = (stage: Stage, { rounds, seconds }: Effort, clients: number) =>
  compare([stage.bare, stage.gateway], rounds, (target) =>
    measureClosed(stage, target, { request: chatRequest(target, "Hello!", false), clients, seconds }),
  );

const compareLists = (stage: Stage, { rounds, seconds }: Effort) =>
  compare([stage.bare, stage.gateway], rounds, (target) =>
    measureClosed(stage, target, { request: listRequest(target), clients: CLIENTS, seconds }),
  );

const listRequest = ({ port, headers }: Target) => ({ port, headers, method: "GET" as const, path: "/v1/agents" });

async function measureTools(stage: Stage, { rounds, seconds }: Effort): Promise<Figures> {
  const request = chatRequest(stage.gateway, `tools ${TOOL_ROUNDS}`, false);
  const { gateway } = await compare([stage.gateway], rounds, async (target) => {
    const alone = await measureClosed(stage, target, { request, clients: 1, seconds });
    const together = await measureClosed(stage, target, { request, clients: CLIENTS, seconds });
    return { p50: alone.p50 ?? 0, perSecond: together.perSecond ?? 0, cpuMs: together.cpuMs ?? 0 };
  });
  return gateway;
}
