import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { createServerSite, type ServerProcess, type ServerSite, startReadyServer } from "#testing/server-process.ts";

const LAUNCHER = join(import.meta.dir, "../../bin/goclaw.mjs");

let site: ServerSite;
let server: ServerProcess;

beforeAll(async () => {
  site = await createServerSite("sqlite");
  server = await startReadyServer(site);
});

afterAll(async () => {
  server.signal("SIGKILL");
  await server.exited;
  await site.remove();
});

test.skipIf(Bun.which("curl") === null)(
  "the commands that a start prints work in another terminal as they are",
  async () => {
    const lines = server.output().split("\n");
    const chat = lines.find((line) => line.includes(" chat ")) ?? "";
    const curl = lines.slice(lines.findIndex((line) => line.includes("curl "))).join("\n");
    for (const [command, end] of [
      [chat, "You said: "],
      [curl, "data: [DONE]"],
    ] as const) {
      const script = command.replaceAll("npx goclaw", `node "${LAUNCHER}"`);
      const child = Bun.spawn(["sh", "-c", script], { env: { PATH: process.env.PATH }, cwd: "/", stdout: "pipe" });
      expect([await child.stdout.text(), await child.exited]).toEqual([expect.stringContaining(end), 0]);
    }
  },
);
