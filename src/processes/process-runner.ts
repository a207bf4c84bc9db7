import type { Readable, Writable } from "node:stream";
import type { TenantId } from "#base/ids.ts";

/** A process to start. */
export interface ProcessSpec {
  /** The executable and its arguments. No shell reads them. */
  readonly argv: readonly [string, ...string[]];
  /** Where the process starts, inside `writable`. */
  readonly directory: string;
  /** The one directory that the process may write. */
  readonly writable: string;
  /** More directories that it may read, at their own paths. */
  readonly readOnly?: readonly string[];
  /** Variables beside the minimal PATH, HOME, LANG and TERM. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly hasNetwork: boolean;
  /** Without a sandbox, only processes of the master tenant may run. */
  readonly tenantId: TenantId;
}

/** A process that runs until it exits or is ended. */
export interface RunningProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** The exit code, or null if a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Ends the process with all its children. */
  end(): void;
}

/** Starts processes. Throws `FAILED_PRECONDITION` (reason "sandbox_required") where a process may not run. */
export interface ProcessRunner {
  start(spec: ProcessSpec): RunningProcess;
}
