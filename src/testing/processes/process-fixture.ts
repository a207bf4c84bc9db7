import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { createProcessRunner, type ProcessRunnerOptions } from "#processes/create-process-runner.ts";
import type { CommandResult, ProcessRunner, ProcessSpec, RunLimits } from "#processes/process-runner.ts";
import { createSandbox } from "#processes/sandbox/create-sandbox.ts";
import { findSandbox, findSandboxPrograms } from "#processes/sandbox/find-sandbox.ts";
import type { SandboxLimits, SandboxState } from "#processes/sandbox/sandbox.ts";

/** Small limits, so that tests reach them soon. */
const LIMITS: SandboxLimits = {
  memoryMb: 512,
  maxProcesses: 48,
  maxOpenFiles: 256,
  maxFileMb: 16,
  cpuSeconds: 2,
};

/** Somebody who owns nothing on this machine but what the test gives them. */
const ORDINARY_USER = 54_321;

/** True if tests may change this machine. */
export const IS_ROOT = process.getuid?.() === 0;

export interface ProcessSite {
  readonly runner: ProcessRunner;
  readonly isSandboxed: boolean;
  /** Stands for the gateway's home. */
  readonly home: string;
  readonly workspace: string;
  /** Runs a line of shell. */
  run(command: string, overrides?: Partial<ProcessSpec & RunLimits>): Promise<CommandResult>;
  /** Makes a file or directory the gateway's own. */
  own(path: string): void;
  /** Creates another workspace in the home. */
  newWorkspace(): string;
  remove(): void;
}

export interface SiteOptions extends Partial<ProcessRunnerOptions> {
  /** True if the sandbox is set up without the rights of root. */
  readonly isOrdinaryUser?: boolean;
  /** Where the home is, instead of among temporary files. */
  readonly parent?: string;
}

/** Creates a runner and a workspace. Uses this machine's sandbox if there is one and no other is given. */
export async function createProcessSite(options: SiteOptions = {}): Promise<ProcessSite> {
  const { isOrdinaryUser = false, parent = tmpdir(), ...given } = options;
  const home = mkdtempSync(join(parent, "goclaw-processes-"));
  // Root is not the user of its commands, who has to pass through the home to what they may read.
  chmodSync(home, 0o711);
  const found = given.sandbox ?? (await findTestSandbox(home));
  const sandbox = isOrdinaryUser && found.kind === "works" ? ordinarySandbox(home) : found;
  const runner = createProcessRunner({ requiresSandbox: false, allowNetwork: "master", ...given, sandbox });
  const own = (path: string) => {
    if (isOrdinaryUser) chownSync(path, ORDINARY_USER, ORDINARY_USER);
  };
  const newWorkspace = () => {
    const path = mkdtempSync(join(home, "workspace-"));
    own(path);
    return path;
  };
  const workspace = newWorkspace();
  return {
    runner,
    isSandboxed: sandbox.kind === "works",
    home,
    workspace,
    newWorkspace,
    own,
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

/** Creates a site for each way in which a sandbox is set up here. Root sets it up in two ways. */
export async function createSandboxSites(): Promise<readonly (readonly [way: string, ProcessSite])[]> {
  const own = await createProcessSite();
  if (!own.isSandboxed) return [];
  const sites = [["of the gateway's user", own]] as const;
  return IS_ROOT ? [...sites, ["of an ordinary user", await createProcessSite({ isOrdinaryUser: true })]] : sites;
}

/** Looks for a sandbox on this machine. Says so where tests will be skipped. */
async function findTestSandbox(home: string): Promise<SandboxState> {
  const path = process.env.PATH ?? "";
  const directory = join(home, "sandbox");
  const state = await findSandbox({ isWanted: true, limits: LIMITS, directory, home, readOnly: [], path });
  if (state.kind !== "works")
    process.stderr.write(`NO SANDBOX HERE, ITS TESTS ARE SKIPPED: ${JSON.stringify(state)}\n`);
  return state;
}

/** The sandbox of a gateway that does not run as root, for tests that do. */
function ordinarySandbox(home: string): SandboxState {
  const { found: programs } = findSandboxPrograms(process.env.PATH ?? "");
  if (!programs) throw new Error("the programs of the sandbox have disappeared");
  const identityFiles = join(home, "sandbox");
  const sandbox = createSandbox({ programs, limits: LIMITS, identityFiles, readOnly: [], hidden: [], isRoot: false });
  const user = String(ORDINARY_USER);
  return {
    kind: "works",
    sandbox: {
      launch: (spec, kind) => {
        const launch = sandbox.launch(spec, kind);
        const asUser = [programs.setpriv, "--reuid", user, "--regid", user, "--clear-groups", "--"] as const;
        return { ...launch, argv: [...asUser, ...launch.argv] };
      },
    },
  };
}
