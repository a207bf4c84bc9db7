import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Figures } from "./measurements.ts";
import { freePort, residentMegabytes, startChild, untilAnswers } from "./processes.ts";
import { gatewayEnvironment } from "./start-stage.ts";
import { medians } from "./statistics.ts";

/** How long a started gateway is idle before its memory is read, in milliseconds. */
const IDLE_MS = 2_000;

/**
 * Measures the time from starting the executable to its first answer on `/ready`, in milliseconds. The first start
 * creates its home; the second start reuses it. Also measures the memory after two idle seconds.
 */
export async function measureStart(command: readonly string[], rounds: number): Promise<Figures> {
  const all: Figures[] = [];
  for (let round = 0; round < rounds; round++) {
    const home = mkdtempSync(join(tmpdir(), "goclaw-start-"));
    const first = await startOnce(command, home);
    const again = await startOnce(command, home);
    all.push({ firstMs: first.startMs, againMs: again.startMs, idleMegabytes: again.megabytes });
    rmSync(home, { recursive: true, force: true });
  }
  return medians(all);
}

async function startOnce(command: readonly string[], home: string) {
  const port = freePort();
  const startedAt = performance.now();
  const child = startChild([...command, "serve"], gatewayEnvironment(home, port, port));
  await untilAnswers(`http://127.0.0.1:${port}/ready`, 1);
  const startMs = performance.now() - startedAt;
  await Bun.sleep(IDLE_MS);
  const megabytes = residentMegabytes(child.pid);
  child.kill();
  await child.exited;
  return { startMs, megabytes };
}
