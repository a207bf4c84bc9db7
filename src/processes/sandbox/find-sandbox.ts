import { existsSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SECOND } from "#base/clock.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { collectResult } from "#processes/collect-result.ts";
import { findProgram } from "#processes/find-program.ts";
import { createSandbox, type SandboxPrograms } from "#processes/sandbox/create-sandbox.ts";
import { writeIdentityFiles } from "#processes/sandbox/machine-view.ts";
import type { Sandbox, SandboxLimits, SandboxState } from "#processes/sandbox/sandbox.ts";
import { startProcess } from "#processes/start-process.ts";

export interface SandboxSearch {
  readonly isWanted: boolean;
  readonly limits: SandboxLimits;
  /** A directory of the gateway for a few files that all sandboxes share. */
  readonly directory: string;
  /** The gateway's home, which commands never see. */
  readonly home: string;
  /** Directories that every command may read, beside those of the system. Missing ones are left out. */
  readonly readOnly: readonly string[];
  /** The directories in which programs are looked for. */
  readonly path: string;
}

/** Finds out whether commands can run in a sandbox here, by running one that writes a file. */
export async function findSandbox(search: SandboxSearch): Promise<SandboxState> {
  const { isWanted, limits, directory, home, readOnly, path } = search;
  if (!isWanted) return { kind: "off" };
  if (process.platform !== "linux") return { kind: "not-linux" };
  const { found: programs, missing } = findSandboxPrograms(path);
  if (!programs) return { kind: "not-installed", programs: missing };
  writeIdentityFiles(directory);
  const sandbox = createSandbox({
    programs,
    limits,
    identityFiles: directory,
    readOnly: readOnly.filter((place) => existsSync(place)),
    hidden: /^\/(?:usr|bin|sbin|lib\w*|nix)\//.test(home) ? [home] : [],
    isRoot: process.getuid?.() === 0,
  });
  const detail = await tryOut(sandbox);
  return detail === undefined ? { kind: "works", sandbox } : { kind: "refused", detail };
}

const TRIAL_TIME = 10 * SECOND;
const TRIAL_OUTPUT_CHARS = 1_000;

/** Resolves to undefined if a command in the sandbox writes a file, or else to what it said. */
async function tryOut(sandbox: Sandbox): Promise<string | undefined> {
  const writable = await mkdtemp(join(tmpdir(), "goclaw-sandbox-"));
  const argv = ["/bin/sh", "-c", "echo works > trial"] as const;
  const spec = { argv, directory: writable, writable, hasNetwork: false, tenantId: MASTER_TENANT_ID };
  try {
    const { output, ending } = await collectResult(startProcess(sandbox.launch(spec, "command"), "none"), undefined, {
      timeoutMs: TRIAL_TIME,
      outputChars: TRIAL_OUTPUT_CHARS,
      signal: new AbortController().signal,
    });
    if (await hasContent(join(writable, "trial"))) return undefined;
    return output.trim().split("\n").at(-1) || `it ended without a word (${ending})`;
  } catch (thrown) {
    return String(thrown);
  } finally {
    await rm(writable, { recursive: true, force: true });
  }
}

const hasContent = (file: string): Promise<boolean> =>
  stat(file).then(
    ({ size }) => size > 0,
    () => false,
  );

const NAMES = ["bwrap", "prlimit", "choom", "setpriv"] as const;

/** Finds the programs of a sandbox, or else names those that are missing. */
export function findSandboxPrograms(path: string): {
  readonly found?: SandboxPrograms;
  readonly missing: readonly string[];
} {
  const [bwrap, prlimit, choom, setpriv] = NAMES.map((name) => findProgram(name, path));
  if (bwrap && prlimit && choom && setpriv) return { found: { bwrap, prlimit, choom, setpriv }, missing: [] };
  return { missing: NAMES.filter((name) => findProgram(name, path) === undefined) };
}
