import { LiveRun } from "#runtime/live/live-run.ts";

/** The runs in this process's memory: those it works on and those that wait for a worker or for their session. */
export class LiveRuns {
  readonly #runs = new Map<string, LiveRun>();

  find = (runId: string): LiveRun | undefined => this.#runs.get(runId);

  open(runId: string, lastSeq: number, requestId?: string): LiveRun {
    const live = this.#runs.get(runId) ?? new LiveRun(runId, lastSeq, requestId);
    this.#runs.set(runId, live);
    return live;
  }

  /** Evicts a run. Its followers continue from the database. */
  close(runId: string): void {
    const live = this.#runs.get(runId);
    this.#runs.delete(runId);
    live?.release();
  }

  get all(): readonly LiveRun[] {
    return [...this.#runs.values()];
  }
}
