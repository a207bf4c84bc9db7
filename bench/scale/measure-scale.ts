import { Database } from "bun:sqlite";
import { join } from "node:path";
import { createPost } from "../create-post.ts";
import { readEventLoopDelay } from "../event-loop-delay.ts";
import { startLoneGateway } from "../start-lone-gateway.ts";
import { startGenerator, type Target } from "../start-stage.ts";
import { quantile } from "../statistics.ts";
import { fillDatabase } from "./fill-database.ts";
import { DAYS, pathOf, READS } from "./reads.ts";

const AGENTS = 10;
const USERS = 1_000;
const CHATTING = 16;
const REQUESTS = 60;
/** So often each read is measured alone. */
const READS_ALONE = 9;

export interface ScaleResult {
  readonly sessions: number;
  /** Milliseconds at the 95th percentile, by what was read. */
  readonly readMs: Readonly<Record<string, number>>;
  /**
   * How long the event loop was held while nothing else happened, by what was read, in milliseconds: the median of the
   * longest holds of single reads. `nothing` is that of the measurement itself.
   */
  readonly heldMs: Readonly<Record<string, number>>;
  /** From its start until a gateway with this history is ready, in milliseconds. */
  readonly startMs: number;
  /** Chats per second meanwhile, and their latency in milliseconds. */
  readonly chats: { readonly perSecond: number; readonly p50: number; readonly p99: number };
  /** How long the sums of all history took, in seconds. */
  readonly countingSeconds: number;
}

/** Measures reads of a long history while clients chat. `command` starts the gateway. */
export async function measureScale(
  command: readonly string[],
  sessions: number,
  log: (line: string) => void,
): Promise<ScaleResult> {
  const gateway = await startLoneGateway(command, "scale");
  const { home, port, modelPort, headers } = gateway;
  const agents = await makeAgents(port, headers, modelPort);
  await gateway.stop();

  const path = join(home, "goclaw.db");
  const filledAt = performance.now();
  fillDatabase(path, { sessions, agents, users: USERS, days: DAYS });
  log(`wrote ${sessions} sessions in ${Math.round((performance.now() - filledAt) / 1_000)} s`);
  await gateway.start();
  const countingSeconds = await untilCounted(path);
  log(`counted their usage in ${countingSeconds} s`);
  await gateway.stop();
  const startedAt = performance.now();
  await gateway.start();
  const startMs = performance.now() - startedAt;
  log(`started in ${startMs.toFixed(0)} ms`);

  const newest = await fetch(`http://127.0.0.1:${port}/v1/traces?limit=1`, { headers });
  const { traces } = (await newest.json()) as { traces: readonly { id: string }[] };
  const urlOf = (template: string) => `http://127.0.0.1:${port}${pathOf(template, traces[0]?.id ?? "")}`;
  const target = { port, headers };
  const heldMs: Record<string, number> = { nothing: await measureHold(target, async () => {}) };
  for (const [name, template] of Object.entries(READS)) {
    heldMs[name] = await measureHold(target, () => read(urlOf(template), headers));
    log(`${name}: held ${heldMs[name]?.toFixed(1)} ms`);
  }

  const generator = startGenerator();
  const readMs: Record<string, number> = {};
  const body = { model: "goclaw:past-0", messages: [{ role: "user", content: "hello" }] };
  const request = { port, headers, method: "POST" as const, path: "/v1/chat/completions", body };
  const seconds = Number(process.env.SCALE_SECONDS ?? 60);
  const chattingSince = performance.now();
  const chatting = generator.run({ kind: "closed", request, clients: CHATTING, seconds });
  for (const [name, template] of Object.entries(READS)) {
    readMs[name] = await measureRead(() => read(urlOf(template), headers));
    log(`${name}: ${readMs[name]?.toFixed(1)} ms`);
  }
  if (performance.now() - chattingSince > seconds * 1_000) throw new Error("the chats ended before the reads");
  const { answered, latencyMs, seconds: took } = await chatting;
  generator.child.kill();
  await generator.child.exited;
  await gateway.remove();
  const chats = { perSecond: answered / took, p50: latencyMs.p50, p99: latencyMs.p99 };
  return { sessions, readMs, heldMs, startMs, chats, countingSeconds };
}

async function read(url: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const answer = await fetch(url, { headers });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
}

async function measureRead(readOnce: () => Promise<void>): Promise<number> {
  const latencies: number[] = [];
  for (let index = 0; index < REQUESTS; index++) {
    const sentAt = performance.now();
    await readOnce();
    latencies.push(performance.now() - sentAt);
    if (performance.now() - sentAt > 1_000 && index >= 5) break;
  }
  return quantile(latencies, 0.95);
}

async function measureHold(target: Pick<Target, "port" | "headers">, readOnce: () => Promise<void>): Promise<number> {
  // The first answers prepare what later ones use.
  for (let index = 0; index < 3; index++) await readOnce();
  await readEventLoopDelay(target);
  const holds: number[] = [];
  for (let index = 0; index < READS_ALONE; index++) {
    await readOnce();
    holds.push((await readEventLoopDelay(target)).max);
  }
  return quantile(holds, 0.5);
}

async function untilCounted(path: string): Promise<number> {
  const database = new Database(path, { readonly: true });
  const startedAt = performance.now();
  const left = () =>
    database.query<{ left: number }, []>("select count(*) as left from runs where is_counted = 0").get()?.left;
  while (left()) await Bun.sleep(500);
  database.close();
  return Math.round((performance.now() - startedAt) / 1_000);
}

async function makeAgents(port: number, headers: Readonly<Record<string, string>>, modelPort: number) {
  const post = createPost(port, headers);
  const api_base = `http://127.0.0.1:${modelPort}/v1`;
  await post("/providers", { name: "bench", provider_type: "openai_compat", api_base, api_key: "none" });
  const agents: { id: string; key: string }[] = [];
  for (let index = 0; index < AGENTS; index++) {
    const key = `past-${index}`;
    agents.push({ id: (await post("/agents", { agent_key: key, provider: "bench", model: "bench" })).id, key });
  }
  return agents;
}
