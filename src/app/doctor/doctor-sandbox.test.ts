import { expect, test } from "bun:test";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { aUsedSite, examine } from "#app/doctor/doctor-fixture.ts";
import { createFakePrograms, refusedSandbox } from "#testing/processes/fake-programs.ts";
import { createProcessSite } from "#testing/processes/process-fixture.ts";
import type { ServerSite } from "#testing/server-process.ts";

const TIMEOUT = 60_000;

const probe = await createProcessSite();
probe.remove();

/** Returns what the doctor says about the sandbox, with only these programs on the path beside Node. */
async function lookAt(site: ServerSite, programs: string, env: Readonly<Record<string, string>> = {}) {
  const PATH = `${programs}:${createFakePrograms({ node: `exec "${Bun.which("node")}" "$@"` })}`;
  const { lines, exitCode } = await examine(site, { GOCLAW_SANDBOX_MODE: "auto", PATH, ...env });
  const at = lines.findIndex((line) => line.slice(2).startsWith("sandbox"));
  return { finding: lines[at], advice: lines[at + 1], exitCode };
}

test.skipIf(!probe.isSandboxed)(
  "the doctor tells that commands run in a sandbox here",
  async () => {
    const site = await aUsedSite();
    const { finding } = await lookAt(site, process.env.PATH ?? "");
    expect(finding).toBe("✓ sandbox    commands run in a sandbox");
  },
  TIMEOUT,
);

test(
  "the doctor tells what to install for a sandbox, and what its lack means",
  async () => {
    const site = await aUsedSite();
    const none = createFakePrograms({ prlimit: "", setpriv: "", choom: "" });
    const optional = await lookAt(site, none);
    expect(optional.finding).toBe("! sandbox    the sandbox needs bwrap: agents have no shell commands");
    expect(optional.advice).toContain("apt-get install bubblewrap");
    expect(optional.exitCode).toBe(0);
    const trusted = await lookAt(site, none, { GOCLAW_TOOLS_EXEC: "master" });
    expect(trusted.finding).toContain("commands have all rights of this user");
    const required = await lookAt(site, none, { GOCLAW_SANDBOX_MODE: "required" });
    expect([required.finding, required.exitCode]).toEqual(["✗ sandbox    the sandbox needs bwrap: no command runs", 1]);
  },
  TIMEOUT,
);

test(
  "the doctor passes on why the kernel refuses a sandbox, and tells what to allow",
  async () => {
    const site = await aUsedSite();
    const { finding, advice } = await lookAt(site, refusedSandbox("bwrap: setting up uid map: Permission denied"));
    expect(finding).toContain("(bwrap: setting up uid map: Permission denied)");
    expect(advice).toMatch(/user namespaces/);
    const old = await lookAt(site, refusedSandbox("bwrap: Unknown option --size"));
    expect(old.advice).toContain("Install bubblewrap 0.8 or later.");
  },
  TIMEOUT,
);

test(
  "the doctor leaves no file of its own at home",
  async () => {
    const site = await aUsedSite();
    const own = join(site.home, "cache", "sandbox");
    rmSync(own, { recursive: true, force: true });
    await lookAt(site, process.env.PATH ?? "");
    expect(existsSync(own)).toBe(false);
  },
  TIMEOUT,
);
