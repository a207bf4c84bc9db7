import type { ProcessSpec } from "#processes/process-runner.ts";
import type { Launch } from "#processes/start-process.ts";

/** Limits of one sandboxed command. */
export interface SandboxLimits {
  /** Memory of one process, of all processes of a command together, and the size of its `/tmp`, in MiB. */
  readonly memoryMb: number;
  /** Processes and threads of one command together. */
  readonly maxProcesses: number;
  /** Open files of one process. */
  readonly maxOpenFiles: number;
  /** The size of one file, in MiB. */
  readonly maxFileMb: number;
  /** Seconds of computing time of one process. Processes of `start` may live long and have no such limit. */
  readonly cpuSeconds: number;
}

/** `command` has an end, `server` may live as long as the gateway. */
export type ProcessKind = "command" | "server";

/** Runs commands where they see little of this machine and change only one directory. */
export interface Sandbox {
  /** Returns what to start so that a command runs inside. `hasNetwork` of the command is taken as it is. */
  launch(spec: ProcessSpec, kind: ProcessKind): Launch;
}

/** Why this machine has no sandbox. */
export type MissingSandbox =
  | { readonly kind: "off" }
  | { readonly kind: "not-linux" }
  | { readonly kind: "not-installed"; readonly programs: readonly string[] }
  /** The programs are there, but a command in a sandbox failed. `detail` is what it said, in one line. */
  | { readonly kind: "refused"; readonly detail: string };

/** Whether commands can run in a sandbox here. It is found out once, when the gateway starts. */
export type SandboxState = { readonly kind: "works"; readonly sandbox: Sandbox } | MissingSandbox;
