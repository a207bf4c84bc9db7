import type { Readable, Writable } from "node:stream";
import type { TenantId } from "#base/ids.ts";

/** A command to start, and what it may reach. */
export interface ProcessSpec {
  /** The program and its arguments. No shell reads them. */
  readonly argv: readonly [program: string, ...args: string[]];
  /** The directory in which the command starts. It is inside `writable`. */
  readonly directory: string;
  /** The existing directory that the command may write to, and its `HOME`: the agent's workspace. */
  readonly writable: string;
  /**
   * More directories that the command may read, at their own paths. They belong to the gateway: one that runs as root
   * makes them readable for everybody who can reach them.
   */
  readonly readOnly?: readonly string[];
  /** Variables beside `PATH`, `HOME`, `LANG` and `TERM`. See `requireSafeEnvironment`. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly hasNetwork: boolean;
  /** Without a sandbox, only processes of the master tenant may run. */
  readonly tenantId: TenantId;
  /** The standard input of `run`. Without it the command reads nothing. */
  readonly input?: string;
}

export interface RunLimits {
  /** In milliseconds. Then the command is killed with every process that it started. */
  readonly timeoutMs: number;
  /** The maximum number of characters that are kept of each output. */
  readonly outputChars: number;
  readonly signal: AbortSignal;
}

export interface CommandResult {
  /** The text of both standard outputs, in the order of arrival. */
  readonly output: string;
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined if the gateway or a signal ended the command. */
  readonly exitCode: number | undefined;
  /**
   * `flooded`: the command was killed because it wrote more than `LIMITS.processOutputBytes`. `memory`: because all its
   * processes together took more than the sandbox allows.
   */
  readonly ending: "exited" | "timeout" | "aborted" | "flooded" | "memory";
}

export interface RunningProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves with the exit code, or with null after a signal. Rejects if the command cannot be started. */
  readonly exited: Promise<number | null>;
  /** Kills the command with every process that it started. */
  end(): void;
  /** Returns true if the command was killed because its processes took too much memory together. */
  hasTakenTooMuchMemory(): boolean;
}

/**
 * The only way to start a command of an agent, a tool or an MCP server. `run` and `start` throw FAILED_PRECONDITION
 * (reason `sandbox_required`) where the command may not run, and INVALID_REQUEST for an unsafe environment variable.
 */
export interface ProcessRunner {
  /** True if commands are locked up, so that every tenant may run them. */
  readonly isSandboxed: boolean;
  /** Runs a command to its end. Rejects if it cannot be started. */
  run(spec: ProcessSpec, limits: RunLimits): Promise<CommandResult>;
  start(spec: ProcessSpec): RunningProcess;
}
