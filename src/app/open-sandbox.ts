import { join } from "node:path";
import type { Environment } from "#app/config/read-environment.ts";
import type { Config } from "#app/config/schema.ts";
import { findSandbox } from "#processes/sandbox/find-sandbox.ts";
import type { SandboxState } from "#processes/sandbox/sandbox.ts";

export interface SandboxPlace {
  /** The gateway's home, which commands never see. */
  readonly home: string;
  /** A directory for a few files of the sandbox. It is created. */
  readonly cache: string;
}

const USUAL_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

/** Finds out whether commands can run in a sandbox as the operator configured it. */
export function openSandbox(
  { sandbox }: Config,
  { home, cache }: SandboxPlace,
  env: Environment,
): Promise<SandboxState> {
  return findSandbox({
    isWanted: sandbox.mode !== "off",
    limits: {
      memoryMb: sandbox.memory_mb,
      maxProcesses: sandbox.max_processes,
      maxOpenFiles: sandbox.max_open_files,
      maxFileMb: sandbox.max_file_mb,
      cpuSeconds: sandbox.cpu_seconds,
    },
    directory: join(cache, "sandbox"),
    home,
    readOnly: sandbox.read_only,
    path: env.PATH || USUAL_PATH,
  });
}
