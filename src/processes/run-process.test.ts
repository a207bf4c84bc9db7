import { describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { createProcessRunner } from "#processes/create-process-runner.ts";
import type { ProcessSpec, RunLimits } from "#processes/process-runner.ts";

const directory = mkdtempSync(join(tmpdir(), "goclaw-exec-"));
const spec = { directory, writable: directory, hasNetwork: false, tenantId: MASTER_TENANT_ID } as const;
const run = (command: string, overrides: Partial<ProcessSpec & RunLimits> = {}) =>
  createProcessRunner({ sandbox: { kind: "off" }, requiresSandbox: false, allowNetwork: "off" }).run(
    { argv: ["/bin/sh", "-c", command], ...spec, ...overrides },
    { timeoutMs: 30_000, outputChars: 1_000, signal: new AbortController().signal, ...overrides },
  );

describe("a command", () => {
  test("runs in its directory and returns both outputs with its exit code", async () => {
    expect(await run("pwd; echo oops >&2; exit 3")).toEqual({
      // Each output has its own pipe, so the order of simultaneous writes is not defined.
      output: expect.stringMatching(new RegExp(`^(?=[^]*${directory}\\n)(?=[^]*oops\\n)`)),
      stdout: `${directory}\n`,
      stderr: "oops\n",
      exitCode: 3,
      ending: "exited",
    });
  });

  test("does not see the gateway's environment", async () => {
    process.env.GOCLAW_TEST_SECRET = "hidden";
    const { output } = await run("cat /proc/self/environ | tr '\\0' '\\n'");
    delete process.env.GOCLAW_TEST_SECRET;
    expect(output).toContain("TERM=dumb");
    expect(output).not.toContain("hidden");
    expect(output).not.toContain("GOCLAW");
  });

  test("reads its input, and nothing without one", async () => {
    expect((await run("cat", { input: "héllo" })).stdout).toBe("héllo");
    expect((await run("cat")).output).toBe("");
    expect((await run("exec 0<&-; echo closed", { input: "x".repeat(1_000_000) })).output).toBe("closed\n");
  });

  test("gets its arguments as they are", async () => {
    const args = ["; touch x", "$(id)", "`id`", "a b", "'\"", "*", "~", "\n"];
    const { stdout } = await run("", { argv: ["/usr/bin/printf", "%s|", ...args] });
    expect(stdout).toBe(args.map((arg) => `${arg}|`).join(""));
  });

  test("keeps the beginning and the end of a long output", async () => {
    const { output } = await run("seq 1 100000");
    expect(output).toStartWith("1\n2\n3\n");
    expect(output).toEndWith("99999\n100000\n");
    expect(output).toMatch(/\[… \d+ characters left out; write long output to a file …\]/);
    expect(output.length).toBeLessThan(1_100);
  });

  test("is killed at its timeout, with every process that it started", async () => {
    const marker = join(directory, "late");
    const { ending, exitCode } = await run(`(sleep 1; touch ${marker}) & sleep 60`, { timeoutMs: 50 });
    expect([ending, exitCode]).toEqual(["timeout", undefined]);
    await run("sleep 1.2");
    expect(existsSync(marker)).toBe(false);
  });

  test("is killed when its signal aborts", async () => {
    const controller = new AbortController();
    const running = run("echo begun; sleep 60", { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    expect((await running).ending).toBe("aborted");
  });

  test("does not wait for background processes, and kills them at its end", async () => {
    const { output, ending } = await run("sleep 60 & echo $!");
    expect(ending).toBe("exited");
    const { output: state } = await run(`cat /proc/${output.trim()}/stat 2>/dev/null || echo gone`);
    expect(state).toMatch(/gone|\) Z /);
  });

  test("rejects if it cannot be started", async () => {
    expect(run("true", { directory: join(directory, "missing") })).rejects.toThrow();
  });
});
