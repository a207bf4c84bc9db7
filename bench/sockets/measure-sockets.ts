import { measureClosed } from "../measurements.ts";
import { cpuMs, residentMegabytes } from "../processes.ts";
import type { Stage } from "../start-stage.ts";
import { medians, quantile } from "../statistics.ts";
import { type ConnectedSocket, openSocket } from "./socket-load.ts";

const CLIENTS = 16;
const VIEWERS = 100;
const IDLE = 2_000;
const TOKENS = 400;
const PAUSE_MS = 5;
/** How long memory gets to settle. */
const SETTLE_MS = 3_000;

export interface SocketFigures {
  /** Answers per second, milliseconds of CPU per answer, and the median latency, over REST and over sockets. */
  readonly rest: Readonly<Record<string, number>>;
  readonly rpc: Readonly<Record<string, number>>;
  /** Microseconds of CPU per token and reader, for a hundred readers of one run. */
  readonly sseUs: number;
  readonly socketUs: number;
  readonly idleKilobytes: number;
}

/** Measures calls and streams over WebSockets beside the same over HTTP, in turns, and what an idle socket costs. */
export async function measureSockets(stage: Stage, rounds: number, seconds: number): Promise<SocketFigures> {
  const { gateway } = stage;
  // Later, memory that other measurements gave back would hide it.
  const idleKilobytes = await measureIdle(stage);
  const request = { port: gateway.port, headers: gateway.headers, method: "GET" as const, path: "/v1/agents" };
  const overRest = () => measureClosed(stage, gateway, { request, clients: CLIENTS, seconds });
  const sockets = await Promise.all(Array.from({ length: CLIENTS }, () => openSocket(gateway, "none")));
  const overSockets = () => measureCalls(gateway.pid, sockets, seconds);
  await overRest();
  await overSockets();
  const [rest, rpc, sse, viewers]: [object[], object[], number[], number[]] = [[], [], [], []];
  for (let round = 0; round < rounds; round++) {
    rest.push(await overRest());
    rpc.push(await overSockets());
    sse.push(await measureViewers(stage, followOverSse));
    viewers.push(await measureViewers(stage, followOverSockets));
  }
  for (const socket of sockets) socket.close();
  return {
    rest: medians(rest as Record<string, number>[]),
    rpc: medians(rpc as Record<string, number>[]),
    sseUs: quantile(sse, 0.5),
    socketUs: quantile(viewers, 0.5),
    idleKilobytes,
  };
}

async function measureCalls(pid: number, sockets: readonly ConnectedSocket[], seconds: number) {
  const [cpuBefore, startedAt] = [cpuMs(pid), performance.now()];
  const latencies: number[] = [];
  await Promise.all(
    sockets.map(async (socket) => {
      while (performance.now() - startedAt < seconds * 1_000) {
        const sentAt = performance.now();
        await socket.call("agents.list");
        latencies.push(performance.now() - sentAt);
      }
    }),
  );
  const elapsed = (performance.now() - startedAt) / 1_000;
  return {
    perSecond: latencies.length / elapsed,
    cpuMs: (cpuMs(pid) - cpuBefore) / latencies.length,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  };
}

/** Follows a run with many readers. Resolves when each of them has read its end. */
type Follow = (stage: Stage, runId: string) => Promise<void>;

/** Returns the microseconds of CPU that the gateway spends on one token for one reader. */
async function measureViewers(stage: Stage, follow: Follow): Promise<number> {
  const { gateway } = stage;
  const before = cpuMs(gateway.pid);
  const started = await fetch(`http://127.0.0.1:${gateway.port}/v1/agents/bench/runs`, {
    method: "POST",
    headers: { ...gateway.headers, "Content-Type": "application/json" },
    body: JSON.stringify({ input: `stream ${TOKENS} ${PAUSE_MS}` }),
  });
  const { id } = (await started.json()) as { readonly id: string };
  await follow(stage, id);
  return ((cpuMs(gateway.pid) - before) * 1_000) / (TOKENS * VIEWERS);
}

const followOverSse: Follow = async ({ gateway }, runId) => {
  const url = `http://127.0.0.1:${gateway.port}/v1/runs/${runId}/events`;
  await Promise.all(
    Array.from({ length: VIEWERS }, async () => {
      const { body } = await fetch(url, { headers: gateway.headers, keepalive: false });
      const reader = body?.getReader();
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read());
    }),
  );
};

const followOverSockets: Follow = async ({ gateway }, runId) => {
  await Promise.all(
    Array.from({ length: VIEWERS }, async () => {
      const socket = await openSocket(gateway, "none");
      const isOver = new Promise<void>((resolve) => {
        socket.onEvent = (frame) => {
          if (frame.includes('"type":"run.completed"')) resolve();
        };
      });
      await socket.call("runs.subscribe", { run_id: runId });
      await isOver;
      socket.close();
    }),
  );
};

/**
 * Returns the kilobytes by which an idle socket raises the memory of the gateway. The first sockets of a process make its
 * heap grow, so they are opened and closed once before.
 */
async function measureIdle(stage: Stage): Promise<number> {
  const { pid } = stage.gateway;
  for (const socket of await openIdle(stage)) socket.close();
  await Bun.sleep(SETTLE_MS);
  const before = residentMegabytes(pid);
  const sockets = await openIdle(stage);
  await Bun.sleep(SETTLE_MS);
  const grown = residentMegabytes(pid) - before;
  for (const socket of sockets) socket.close();
  return (grown * 1_000) / IDLE;
}

async function openIdle({ gateway }: Stage): Promise<readonly ConnectedSocket[]> {
  const sockets: ConnectedSocket[] = [];
  while (sockets.length < IDLE) {
    sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => openSocket(gateway, "all")))));
  }
  return sockets;
}
