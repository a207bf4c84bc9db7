import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPost } from "./create-post.ts";
import type { ClosedResult, LoadJob, LoadTarget, StreamsResult } from "./load-jobs.ts";
import { freePort, startChild, untilAnswers } from "./processes.ts";

/** A server under load. */
export interface Target extends LoadTarget {
  readonly name: "model" | "bare" | "gateway";
  readonly pid: number;
  /** The model name that chat requests use. */
  readonly model: string;
}

/** The running processes that a measurement needs. */
export interface Stage {
  readonly model: Target;
  readonly bare: Target;
  readonly gateway: Target;
  run(job: Extract<LoadJob, { kind: "closed" }>): Promise<ClosedResult>;
  run(job: Extract<LoadJob, { kind: "streams" }>): Promise<StreamsResult>;
  stop(): Promise<void>;
}

const AGENT = "bench";
/** The number of agents that the caller may use. */
export const LISTED_AGENTS = 20;
/** An agent like the other, which has a tool of an MCP server as well. */
export const MCP_AGENT = "bench-mcp";

/**
 * Starts the model server, bare proxy, gateway and load generator as separate processes. `command` starts the gateway.
 */
export async function startStage(command: readonly string[]): Promise<Stage> {
  const home = mkdtempSync(join(tmpdir(), "goclaw-bench-"));
  const [modelPort, barePort, gatewayPort] = [freePort(), freePort(), freePort()];
  const model = startChild([process.execPath, "bench/model-server.ts", String(modelPort)], {});
  const bare = startChild([process.execPath, "bench/bare-proxy.ts", String(barePort), String(modelPort)], {
    BUN_CONFIG_MAX_HTTP_REQUESTS: "10000",
  });
  const gateway = startChild([...command, "serve"], gatewayEnvironment(home, gatewayPort, modelPort));
  const generator = startGenerator();
  await Promise.all([
    untilAnswers(`http://127.0.0.1:${modelPort}/`),
    untilAnswers(`http://127.0.0.1:${barePort}/`),
    untilAnswers(`http://127.0.0.1:${gatewayPort}/ready`),
  ]);
  const token = readFileSync(join(home, "secrets/gateway-token"), "utf8").trim();
  const headers = { Authorization: `Bearer ${token}`, "X-GoClaw-User-Id": "bench" };
  await makeAgents(gatewayPort, headers, modelPort);

  return {
    model: { name: "model", port: modelPort, pid: model.pid, headers: {}, model: "bench" },
    bare: { name: "bare", port: barePort, pid: bare.pid, headers: {}, model: "bench" },
    gateway: { name: "gateway", port: gatewayPort, pid: gateway.pid, headers, model: `goclaw:${AGENT}` },
    run: generator.run,
    async stop() {
      const children = [generator.child, gateway, bare, model];
      for (const child of children) child.kill();
      await Promise.all(children.map(({ exited }) => exited));
      rmSync(home, { recursive: true, force: true });
    },
  };
}

export function gatewayEnvironment(home: string, port: number, modelPort: number): Record<string, string> {
  return {
    GOCLAW_HOME: home,
    GOCLAW_PORT: String(port),
    GOCLAW_LOG_LEVEL: "warn",
    GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${modelPort}`,
    ...(process.env.DATABASE_URL && { DATABASE_URL: process.env.DATABASE_URL }),
  };
}

export function startGenerator() {
  let onResult: (result: unknown) => void = () => {};
  const child = Bun.spawn([process.execPath, "bench/load-generator.ts"], {
    ipc: (message) => onResult(message),
    stderr: "inherit",
  });
  const run = (job: LoadJob) =>
    new Promise((resolve) => {
      onResult = resolve;
      child.send(job);
    });
  // Safe: the generator answers each kind of job with the matching kind of result.
  return { child, run: run as Stage["run"] };
}

async function makeAgents(port: number, headers: Readonly<Record<string, string>>, modelPort: number): Promise<void> {
  const post = createPost(port, headers);
  const api_base = `http://127.0.0.1:${modelPort}/v1`;
  await post("/providers", { name: "bench", provider_type: "openai_compat", api_base, api_key: "none" });
  for (const agent_key of [AGENT, MCP_AGENT]) await post("/agents", { agent_key, provider: "bench", model: "bench" });
  // The first start made one more agent.
  for (let index = 3; index < LISTED_AGENTS; index++) {
    await post("/agents", {
      agent_key: `listed-${index}`,
      display_name: `Agent ${index}`,
      provider: "bench",
      model: "bench",
    });
  }
  const url = `http://127.0.0.1:${modelPort}/mcp`;
  const { id } = await post("/mcp/servers", { name: "echo", transport: "streamable-http", url });
  await post(`/mcp/servers/${id}/grants/agent`, { agent_id: MCP_AGENT });
}
