import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { createProcessRunner, type ProcessRunnerOptions } from "#processes/create-process-runner.ts";
import type { CommandResult, ProcessRunner, ProcessSpec, RunLimits } from "#processes/process-runner.ts";
import { findSandbox } from "#processes/sandbox/find-sandbox.ts";
import type { SandboxLimits, SandboxState } from "#processes/sandbox/sandbox.ts";

/** Small limits, so that tests reach them soon. */
const LIMITS: SandboxLimits = {
  memoryMb: 512,
  maxProcesses: 48,
  maxOpenFiles: 256,
  maxFileMb: 16,
  cpuSeconds: 2,
};

/** Looks for a sandbox on this machine. Says so where tests will be skipped. */
export async function findTestSandbox(home: string, readOnly: readonly string[] = []): Promise<SandboxState> {
  const path = process.env.PATH ?? "";
  const directory = join(home, "sandbox");
  const state = await findSandbox({ isWanted: true, limits: LIMITS, directory, home, readOnly, path });
  if (state.kind !== "works")
    process.stderr.write(`NO SANDBOX HERE, ITS TESTS ARE SKIPPED: ${JSON.stringify(state)}\n`);
  return state;
}

export interface ProcessSite {
  readonly runner: ProcessRunner;
  readonly isSandboxed: boolean;
  /** Stands for the gateway's home. */
  readonly home: string;
  readonly workspace: string;
  /** Runs a line of shell. */
  run(command: string, overrides?: Partial<ProcessSpec & RunLimits>): Promise<CommandResult>;
  remove(): void;
}

/** Creates a runner and a workspace. Without a sandbox state, this machine's sandbox is used if there is one. */
export async function createProcessSite(options: Partial<ProcessRunnerOptions> = {}): Promise<ProcessSite> {
  const home = mkdtempSync(join(tmpdir(), "goclaw-processes-"));
  const sandbox = options.sandbox ?? (await findTestSandbox(home));
  const runner = createProcessRunner({ sandbox, requiresSandbox: false, allowNetwork: "master", ...options });
  const workspace = createWorkspace(home);
  return {
    runner,
    isSandboxed: sandbox.kind === "works",
    home,
    workspace,
    run: (command, overrides = {}) =>
      runner.run(
        {
          argv: ["/bin/sh", "-c", command],
          directory: workspace,
          writable: workspace,
          hasNetwork: false,
          tenantId: MASTER_TENANT_ID,
          ...overrides,
        },
        { timeoutMs: 60_000, outputChars: 2_000, signal: new AbortController().signal, ...overrides },
      ),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** Creates a workspace in a home. */
export function createWorkspace(home: string, owner?: number): string {
  const workspace = mkdtempSync(join(home, "workspace-"));
  if (owner !== undefined) chownSync(workspace, owner, owner);
  return workspace;
}
