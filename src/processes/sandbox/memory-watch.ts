import { readdir, readFile } from "node:fs/promises";

/** How often the memory of commands is added up, in milliseconds. Commands that end sooner cost nothing. */
const INTERVAL_MS = 250;

interface Watched {
  readonly limitBytes: number;
  readonly onExceeded: () => void;
}

interface ProcessMemory {
  readonly parent: number;
  /** Memory that no file stands behind, in bytes. Pages that processes share count in each of them. */
  readonly bytes: number;
}

/**
 * Adds up the memory of each command with every process that it started, and says when it is too much. The system's own
 * limits hold for one process alone, and miss memory that processes share.
 */
export class MemoryWatch {
  readonly #watched = new Map<number, Watched>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Watches the process and its descendants until the returned function is called. */
  watch(pid: number, limitBytes: number, onExceeded: () => void): () => void {
    this.#watched.set(pid, { limitBytes, onExceeded });
    this.#plan();
    return () => this.#watched.delete(pid);
  }

  #plan(): void {
    if (this.#timer !== undefined || this.#watched.size === 0) return;
    this.#timer = setTimeout(async () => {
      await this.#look();
      this.#timer = undefined;
      this.#plan();
    }, INTERVAL_MS).unref();
  }

  async #look(): Promise<void> {
    const processes = await readProcesses();
    const children = Map.groupBy(processes.keys(), (pid) => processes.get(pid)?.parent ?? 0);
    for (const [pid, { limitBytes, onExceeded }] of this.#watched) {
      const tree = descendants(pid, children);
      const rough = sum(tree.map((id) => processes.get(id)?.bytes ?? 0));
      if (rough <= limitBytes || (await exactBytes(tree, rough)) <= limitBytes) continue;
      if (this.#watched.delete(pid)) onExceeded();
    }
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function descendants(root: number, children: ReadonlyMap<number, readonly number[]>): readonly number[] {
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

async function readProcesses(): Promise<ReadonlyMap<number, ProcessMemory>> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const known = await Promise.all(pids.map(async (pid) => [pid, await readMemory(pid)] as const));
  return new Map(known.flatMap(([pid, memory]) => (memory ? [[pid, memory] as const] : [])));
}

async function readMemory(pid: number): Promise<ProcessMemory | undefined> {
  const status = await readProc(pid, "status");
  if (status === undefined) return undefined;
  return { parent: numberIn(status, "PPid"), bytes: kilobytesIn(status, "RssAnon") + kilobytesIn(status, "RssShmem") };
}

/** Counts each shared page once. Falls back on `rough` where the system does not show it. */
async function exactBytes(pids: readonly number[], rough: number): Promise<number> {
  const maps = await Promise.all(pids.map((pid) => readProc(pid, "smaps_rollup")));
  const known = maps.filter((map) => map !== undefined && map !== "");
  if (known.length === 0) return rough;
  return sum(known.map((map = "") => kilobytesIn(map, "Pss_Anon") + kilobytesIn(map, "Pss_Shmem")));
}

/** Returns undefined for a process that has ended, or that the gateway may not look at. */
const readProc = (pid: number, file: string): Promise<string | undefined> =>
  readFile(`/proc/${pid}/${file}`, "utf8").catch(() => undefined);

const numberIn = (text: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);

const kilobytesIn = (text: string, name: string): number => numberIn(text, name) * 1_024;
