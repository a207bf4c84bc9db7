import { type EventLoopDelay, readEventLoopDelay } from "./event-loop-delay.ts";
import { measureHostile } from "./measure-hostile.ts";
import { measureLists } from "./measure-lists.ts";
import { measureStart } from "./measure-start.ts";
import {
  type Compared,
  chatRequest,
  compare,
  compareEach,
  type Effort,
  type Figures,
  measureClosed,
  measureStreams,
  type Pace,
} from "./measurements.ts";
import { MCP_AGENT, type Stage, startStage, type Target } from "./start-stage.ts";

/** All results of one benchmark run. */
export interface Measured {
  readonly chats: ReadonlyMap<number, Compared>;
  readonly streams: ReadonlyMap<Pace, Compared>;
  readonly agents: Compared;
  readonly toolRun: Figures;
  /** The same with calls of an MCP server. */
  readonly mcpRun: Figures;
  readonly delay: EventLoopDelay;
  readonly hostile: Figures;
  readonly start: Figures;
}

const CHAT_CLIENTS = [1, 16, 64];
/** A few streams are fast and many are slow, so that no process runs short of CPU. */
const STREAMS: readonly Pace[] = [
  { streams: 1, tokens: 300, pauseMs: 5 },
  { streams: 100, tokens: 60, pauseMs: 25 },
  { streams: 500, tokens: 40, pauseMs: 100 },
];
export const TOOL_ROUNDS = 10;
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
    log("chats");
    await readEventLoopDelay(stage.gateway);
    const chats = await compareChats(stage, effort);
    const delay = await readEventLoopDelay(stage.gateway);
    log("streams");
    const streams = await compareStreams(stage, effort);
    log("lists of agents and runs with tools");
    const agents = await measureLists(stage, effort);
    const toolRun = await measureTools(stage, stage.gateway, `tools ${TOOL_ROUNDS}`, effort);
    const mcpTarget = { ...stage.gateway, model: `goclaw:${MCP_AGENT}` };
    const mcpRun = await measureTools(stage, mcpTarget, `mcp ${TOOL_ROUNDS}`, effort);
    log("hostile bodies");
    return { chats, streams, agents, toolRun, mcpRun, delay, hostile: await measureHostile(stage), start };
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

const compareChats = (stage: Stage, { rounds, seconds }: Effort) =>
  compareEach(CHAT_CLIENTS, [stage.bare, stage.gateway], rounds, (target, clients) =>
    measureClosed(stage, target, { request: chatRequest(target, "Hello!", false), clients, seconds }),
  );

const compareStreams = (stage: Stage, { rounds }: Effort) =>
  compareEach(STREAMS, [stage.model, stage.bare, stage.gateway], rounds, (target, pace) =>
    measureStreams(stage, target, pace),
  );

async function measureTools(
  stage: Stage,
  agent: Target,
  message: string,
  { rounds, seconds }: Effort,
): Promise<Figures> {
  const request = chatRequest(agent, message, false);
  const { gateway } = await compare([agent], rounds, async (target) => {
    const alone = await measureClosed(stage, target, { request, clients: 1, seconds });
    const together = await measureClosed(stage, target, { request, clients: CLIENTS, seconds });
    return { p50: alone.p50 ?? 0, perSecond: together.perSecond ?? 0, cpuMs: together.cpuMs ?? 0 };
  });
  return gateway;
}
