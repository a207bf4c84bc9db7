import type { TenantDatabase } from "#db/database.ts";
import type { RunError } from "#runtime/runs/index.ts";

/** What a run needs to go on. */
export interface RunSubject {
  readonly runId: string;
  readonly agentId: string;
  /** The user whose access to the agent the run needs. Undefined if its caller may use every agent of the tenant. */
  readonly accessor: string | undefined;
  /** The run that handed its task on. */
  readonly parentRunId: string | null;
  /** What the run has cost so far, in US dollars. */
  readonly cost: number;
}

/** Says whether a run may take another step. It is asked before each one, so it answers from memory. */
export interface RunRights {
  /** Resolves to the reason why the run has to stop. */
  findRefusal(db: TenantDatabase, subject: RunSubject): Promise<RunError | undefined>;
}
