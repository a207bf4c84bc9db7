import { onTestFinished } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Creates a directory of programs, each of which runs a line of shell. It is deleted when the test ends. */
export function createFakePrograms(lines: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), "goclaw-programs-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, line] of Object.entries(lines)) {
    writeFileSync(join(directory, name), `#!/bin/sh\n${line}\n`);
    chmodSync(join(directory, name), 0o755);
  }
  return directory;
}

/** The programs of a sandbox on a machine whose kernel refuses it. */
export const refusedSandbox = (refusal: string) =>
  createFakePrograms({ bwrap: `echo '${refusal}' >&2; exit 1`, prlimit: "", setpriv: "", choom: "" });
