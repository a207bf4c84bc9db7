import { readFileSync, writeFileSync } from "node:fs";

/** Starts a program of this repository as a separate process. */
export function startChild(command: readonly string[], env: Readonly<Record<string, string>>): Bun.Subprocess {
  const { PATH = "" } = process.env;
  return Bun.spawn([...command], { env: { PATH, ...env }, stdout: "ignore", stderr: "inherit" });
}

export function freePort(): number {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  const { port = 0 } = server;
  server.stop(true);
  return port;
}

export async function untilAnswers(url: string, pauseMs = 25): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (performance.now() < deadline) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await Bun.sleep(pauseMs);
  }
  throw new Error(`${url} does not answer`);
}

const TICKS_PER_SECOND = 100;

/**
 * Returns the user and system time of a process so far, in milliseconds (Linux: /proc/<pid>/stat, fields 14 and 15).
 */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
}

/** Returns the resident memory of a process, in megabytes (Linux: /proc/<pid>/status). */
export const residentMegabytes = (pid: number): number => readMegabytes(pid, "VmRSS");

/** Returns the most memory that a process held since its start or `resetPeak`, in megabytes. */
export const peakMegabytes = (pid: number): number => readMegabytes(pid, "VmHWM");

/** Forgets the peak of a process's memory (Linux: 5 in /proc/<pid>/clear_refs). */
export const resetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, "5");

function readMegabytes(pid: number, field: "VmRSS" | "VmHWM"): number {
  const kilobytes = new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return (Number(kilobytes) * 1_024) / 1_000_000;
}
