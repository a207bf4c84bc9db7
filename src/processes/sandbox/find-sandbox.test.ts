import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId, toTenantId } from "#base/ids.ts";
import { findSandbox } from "#processes/sandbox/find-sandbox.ts";
import type { SandboxState } from "#processes/sandbox/sandbox.ts";
import { createFakePrograms, refusedSandbox } from "#testing/processes/fake-programs.ts";
import { createProcessSite, IS_ROOT } from "#testing/processes/process-fixture.ts";

const directory = mkdtempSync(join(tmpdir(), "goclaw-programs-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const limits = { memoryMb: 512, maxProcesses: 48, maxOpenFiles: 256, maxFileMb: 16, cpuSeconds: 2 };
const search = { isWanted: true, limits, directory: join(directory, "cache"), home: directory, readOnly: [] };

test("a machine that lacks programs has no sandbox, and which they are is known", async () => {
  const path = createFakePrograms({ prlimit: "", setpriv: "", choom: "" });
  expect(await findSandbox({ ...search, path })).toEqual({ kind: "not-installed", programs: ["bwrap"] });
  expect(await findSandbox({ ...search, path: ".:relative" })).toMatchObject({ kind: "not-installed" });
});

test("a machine that refuses namespaces has no sandbox, and what it said is known", async () => {
  const refusal = "bwrap: setting up uid map: Permission denied";
  const path = refusedSandbox(refusal);
  expect(await findSandbox({ ...search, path })).toEqual({ kind: "refused", detail: refusal });
});

test("a sandbox that runs nothing and fails with nothing does not count as one", async () => {
  const path = createFakePrograms({ bwrap: "exit 0", prlimit: "", setpriv: "", choom: "" });
  expect(await findSandbox({ ...search, path })).toMatchObject({ kind: "refused" });
});

test("nothing is looked for where it is not wanted", async () => {
  expect(await findSandbox({ ...search, isWanted: false, path: "" })).toEqual({ kind: "off" });
});

const MISSING: SandboxState = { kind: "not-installed", programs: ["bwrap"] };
const SANDBOX_REQUIRED = { code: "FAILED_PRECONDITION", options: { reason: "sandbox_required" } };

test("without a sandbox, only the master tenant's commands run, and none where it is required", async () => {
  const tenantId = toTenantId(newId());
  const optional = await createProcessSite({ sandbox: MISSING });
  expect((await optional.run("echo ran")).output).toBe("ran\n");
  expect(await optional.run("touch ran", { tenantId }).catch((thrown) => thrown)).toMatchObject(SANDBOX_REQUIRED);
  const required = await createProcessSite({ sandbox: MISSING, requiresSandbox: true });
  expect(await required.run("touch ran").catch((thrown) => thrown)).toMatchObject(SANDBOX_REQUIRED);
  const { workspace: writable } = required;
  const server = { argv: ["/bin/true"], directory: writable, writable, hasNetwork: false, tenantId } as const;
  expect(() => required.runner.start(server)).toThrow(expect.objectContaining(SANDBOX_REQUIRED));
  optional.remove();
  required.remove();
});

test.skipIf(!IS_ROOT)("a home below a directory of programs is hidden, except for the workspace", async () => {
  const { home, isSandboxed, run, remove } = await createProcessSite({ parent: "/usr/local/lib" });
  try {
    if (!isSandboxed) return;
    writeFileSync(join(home, "goclaw.db"), "secret", { mode: 0o644 });
    expect((await run(`cat ${home}/goclaw.db; echo kept > file; cat file`)).stdout).toBe("kept\n");
  } finally {
    remove();
  }
});
