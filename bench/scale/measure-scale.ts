import { Database } from "bun:sqlite";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPost } from "../create-post.ts";
import { freePort, startChild, untilAnswers } from "../processes.ts";
import { gatewayEnvironment, startGenerator } from "../start-stage.ts";
import { quantile } from "../statistics.ts";
import { fillDatabase } from "./fill-database.ts";

const AGENTS = 10;
const USERS = 1_000;
const DAYS = 30;
const CHATTING = 16;
const REQUESTS = 60;

/** The reads that are measured, by what they do. `{…}` is replaced by a part of the history. */
const READS: Readonly<Record<string, string>> = {
  "list of sessions": "/v1/sessions?limit=50",
  "list of traces": "/v1/traces",
  "traces of an agent": "/v1/traces?agent_id=past-3",
  "traces of a user": "/v1/traces?user_id=user-77",
  "failed traces": "/v1/traces?status=error",
  "traces of a rare tool": "/v1/traces?tool_name=rare_tool",
  "traces of a usual tool": "/v1/traces?tool_name=tool-7",
  "search of traces": "/v1/traces?q=recipe",
  "search without a hit": "/v1/traces?q=nowhere",
  "a trace with spans": "/v1/traces/{trace}",
  "usage today": "/v1/usage/summary?period=today",
  "usage of 30 days": "/v1/usage/summary?period=30d",
  "usage of 30 days by hour": "/v1/usage/timeseries?from={month}&to={now}&group_by=hour",
  "usage of 30 days by day": "/v1/usage/timeseries?from={month}&to={now}&group_by=day&tz=Asia/Kolkata",
  "breakdown by model": "/v1/usage/breakdown?from={month}&to={now}&group_by=model",
  "costs of all time": "/v1/costs/summary",
};

export interface ScaleResult {
  readonly sessions: number;
  /** Milliseconds at the 95th percentile, by what was read. */
  readonly readMs: Readonly<Record<string, number>>;
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
  const home = mkdtempSync(join(tmpdir(), "goclaw-scale-"));
  const [modelPort, port] = [freePort(), freePort()];
  const model = startChild([process.execPath, "bench/model-server.ts", String(modelPort)], {});
  const start = async () => {
    const child = startChild([...command, "serve"], gatewayEnvironment(home, port, modelPort));
    await untilAnswers(`http://127.0.0.1:${port}/ready`);
    return child;
  };
  let gateway = await start();
  const token = readFileSync(join(home, "secrets/gateway-token"), "utf8").trim();
  const headers = { Authorization: `Bearer ${token}`, "X-GoClaw-User-Id": "bench" };
  const agents = await makeAgents(port, headers, modelPort);
  gateway.kill();
  await gateway.exited;

  const path = join(home, "goclaw.db");
  const filledAt = performance.now();
  fillDatabase(path, { sessions, agents, users: USERS, days: DAYS });
  log(`wrote ${sessions} sessions in ${Math.round((performance.now() - filledAt) / 1_000)} s`);
  gateway = await start();
  const countingSeconds = await untilCounted(path);
  log(`counted their usage in ${countingSeconds} s`);

  const generator = startGenerator();
  const readMs: Record<string, number> = {};
  const body = { model: "goclaw:past-0", messages: [{ role: "user", content: "hello" }] };
  const request = { port, headers, method: "POST" as const, path: "/v1/chat/completions", body };
  const seconds = Number(process.env.SCALE_SECONDS ?? 40);
  const chatting = generator.run({ kind: "closed", request, clients: CHATTING, seconds });
  const newest = await fetch(`http://127.0.0.1:${port}/v1/traces?limit=1`, { headers });
  const { traces } = (await newest.json()) as { traces: readonly { id: string }[] };
  const parts = {
    "{trace}": traces[0]?.id ?? "",
    "{now}": new Date().toISOString(),
    "{month}": new Date(Date.now() - DAYS * 86_400_000).toISOString(),
  };
  for (const [name, template] of Object.entries(READS)) {
    const path = Object.entries(parts).reduce((text, [part, value]) => text.replace(part, value), template);
    readMs[name] = await measureRead(`http://127.0.0.1:${port}${path}`, headers);
    log(`${name}: ${readMs[name]?.toFixed(1)} ms`);
  }
  const { answered, latencyMs, seconds: took } = await chatting;
  for (const child of [generator.child, gateway, model]) {
    child.kill();
    await child.exited;
  }
  rmSync(home, { recursive: true, force: true });
  const chats = { perSecond: answered / took, p50: latencyMs.p50, p99: latencyMs.p99 };
  return { sessions, readMs, chats, countingSeconds };
}

async function measureRead(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const latencies: number[] = [];
  for (let index = 0; index < REQUESTS; index++) {
    const sentAt = performance.now();
    const answer = await fetch(url, { headers });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
    latencies.push(performance.now() - sentAt);
    if (performance.now() - sentAt > 1_000 && index >= 5) break;
  }
  return quantile(latencies, 0.95);
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
