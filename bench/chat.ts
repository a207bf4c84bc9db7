import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bareProxy, type Child, cpuSeconds, freePort, startChild, untilAnswers } from "./processes.ts";

/**
 * Chats per second, time to the first byte and CPU per chat of the gateway, beside a proxy that only passes bytes on,
 * in the same run and against the same model server. Usage: `bun bench/chat.ts [seconds] [clients]`.
 */
const seconds = Number(process.argv[2] ?? 5);
const clients = Number(process.argv[3] ?? 16);
/** Bun compiles what it runs often: the first thousands of chats cost twice as much. */
const WARM_UP_SECONDS = 5;

interface Target {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly child: Child;
}

interface Figures {
  readonly chats: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly firstByteMs: readonly number[];
  readonly cpuMsPerChat: number;
}

const home = mkdtempSync(join(tmpdir(), "goclaw-bench-"));
const children: Child[] = [];
try {
  const [modelPort, proxyPort, gatewayPort] = [freePort(), freePort(), freePort()];
  const model = startChild(["src/testing/model-server-main.ts", String(modelPort)], {});
  children.push(model);
  const proxy = bareProxy(proxyPort, modelPort);
  children.push(proxy);
  const gateway = startChild(["src/app/main.ts", "serve"], {
    GOCLAW_HOME: home,
    GOCLAW_PORT: String(gatewayPort),
    GOCLAW_LOG_LEVEL: "warn",
    GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${modelPort}`,
    ...(process.env.DATABASE_URL && { DATABASE_URL: process.env.DATABASE_URL }),
  });
  children.push(gateway);
  await untilAnswers(`http://127.0.0.1:${gatewayPort}/ready`);
  await untilAnswers(`http://127.0.0.1:${modelPort}/_count`);

  const token = readFileSync(join(home, "secrets/gateway-token"), "utf8").trim();
  const headers = { Authorization: `Bearer ${token}`, "X-GoClaw-User-Id": "bench" };
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}/v1`;
  await makeAgent(gatewayUrl, headers, modelPort);

  const targets: readonly Target[] = [
    { name: "bare proxy", url: `http://127.0.0.1:${proxyPort}/v1`, headers: {}, child: proxy },
    { name: "gateway", url: gatewayUrl, headers, child: gateway },
  ];
  for (const stream of [false, true]) {
    process.stdout.write(`\n${stream ? "streamed" : "plain"} chats, ${clients} clients, ${seconds} s each\n`);
    const figures = new Map<string, Figures>();
    for (const target of targets) {
      await load(target, stream, WARM_UP_SECONDS);
      figures.set(target.name, await load(target, stream, seconds));
    }
    for (const [name, figure] of figures) process.stdout.write(`  ${describe(name, figure)}\n`);
    const [bare, ours] = [...figures.values()];
    if (bare && ours) {
      const ratio = (a: number, b: number) => (a / b).toFixed(2);
      process.stdout.write(
        `  ratio gateway / bare: chats ${ratio(ours.perSecond, bare.perSecond)}, cpu ${ratio(ours.cpuMsPerChat, bare.cpuMsPerChat)}\n`,
      );
    }
  }
} finally {
  for (const { process: child } of children) child.kill();
  await Promise.all(children.map(({ process: child }) => child.exited));
  rmSync(home, { recursive: true, force: true });
}

async function makeAgent(url: string, headers: Readonly<Record<string, string>>, modelPort: number): Promise<void> {
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  };
  const api_base = `http://127.0.0.1:${modelPort}/v1`;
  await post("/providers", { name: "bench", provider_type: "openai_compat", api_base, api_key: "none" });
  await post("/agents", { agent_key: "bench", provider: "bench", model: "bench" });
}

async function load(target: Target, stream: boolean, forSeconds: number): Promise<Figures> {
  const end = performance.now() + forSeconds * 1_000;
  const cpuBefore = cpuSeconds(target.child.process.pid);
  const firstByteMs: number[] = [];
  let failed = 0;
  const body = JSON.stringify({
    model: "goclaw:bench",
    stream,
    messages: [{ role: "user", content: "The quick brown fox jumps over the lazy dog." }],
  });
  const client = async () => {
    while (performance.now() < end) {
      const startedAt = performance.now();
      const response = await fetch(`${target.url}/chat/completions`, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...target.headers },
        body,
      });
      let isFirst = true;
      for await (const _ of response.body ?? []) {
        if (isFirst) firstByteMs.push(performance.now() - startedAt);
        isFirst = false;
      }
      if (!response.ok) failed++;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  const chats = firstByteMs.length;
  const cpuMsPerChat = ((cpuSeconds(target.child.process.pid) - cpuBefore) * 1_000) / chats;
  return { chats, failed, perSecond: chats / forSeconds, firstByteMs: firstByteMs.sort((a, b) => a - b), cpuMsPerChat };
}

function describe(name: string, { perSecond, failed, firstByteMs, cpuMsPerChat }: Figures): string {
  const at = (share: number) => (firstByteMs[Math.floor(firstByteMs.length * share)] ?? 0).toFixed(1);
  const parts = [
    name.padEnd(11),
    `${perSecond.toFixed(0).padStart(6)} chats/s`,
    `first byte p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`,
    `cpu ${cpuMsPerChat.toFixed(2)} ms/chat`,
  ];
  return parts.join("  ") + (failed > 0 ? `  FAILED ${failed}` : "");
}
