import { readFileSync } from "node:fs";

export interface Child {
  readonly process: Bun.Subprocess;
}

/** Runs a TypeScript file of this repository in a process of its own. */
export function startChild(args: readonly string[], env: Readonly<Record<string, string>>): Child {
  const { PATH = "" } = process.env;
  return {
    process: Bun.spawn([process.execPath, ...args], { env: { PATH, ...env }, stdout: "ignore", stderr: "inherit" }),
  };
}

/** A server that passes requests on and answers back, and does nothing else. */
export function bareProxy(port: number, upstreamPort: number): Child {
  return startChild(["bench/bare-proxy.ts", String(port), String(upstreamPort)], {
    BUN_CONFIG_MAX_HTTP_REQUESTS: "10000",
  });
}

export function freePort(): number {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  const { port = 0 } = server;
  server.stop(true);
  return port;
}

export async function untilAnswers(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await Bun.sleep(25);
  }
  throw new Error(`${url} does not answer`);
}

const TICKS_PER_SECOND = 100;

/** User and system time of a process so far (Linux: /proc/<pid>/stat, fields 14 and 15). */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
