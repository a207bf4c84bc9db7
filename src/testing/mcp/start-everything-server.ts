import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface EverythingServer {
  readonly url: string;
  readonly host: string;
  stop(): void;
}

/** The folder of all packages. `bun` is in it too. */
export const MODULES = join(import.meta.dir, "../../../node_modules");

const OFFICIAL = {
  everything: import.meta.resolve("@modelcontextprotocol/server-everything/package.json"),
  filesystem: import.meta.resolve("@modelcontextprotocol/server-filesystem/package.json"),
  memory: import.meta.resolve("@modelcontextprotocol/server-memory/package.json"),
};

/** The main file of an official server, for use as an argument of `bun`. */
export const officialServer = (name: keyof typeof OFFICIAL): string =>
  join(dirname(fileURLToPath(OFFICIAL[name])), "dist/index.js");

/** Starts the official server that has one of everything, on a free port of this machine. */
export async function startEverythingServer(transport: "sse" | "streamableHttp"): Promise<EverythingServer> {
  const port = await freePort();
  const child = spawn(process.execPath, ["--no-env-file", officialServer("everything"), transport], {
    env: { PATH: process.env.PATH ?? "", PORT: String(port) },
    stdio: "ignore",
  });
  const host = `127.0.0.1:${port}`;
  await waitForPort(port);
  return { url: `http://${host}/${transport === "sse" ? "sse" : "mcp"}`, host, stop: () => child.kill("SIGKILL") };
}

function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const server = createServer().listen(0, "127.0.0.1", () => {
    const address = server.address();
    server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
  });
  return promise;
}

async function waitForPort(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const isOpen = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
    if (isOpen) return;
    await Bun.sleep(50);
  }
  throw new Error(`nothing listens on port ${port}`);
}
