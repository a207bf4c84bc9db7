import { afterAll, describe, expect, spyOn, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { newMark, untilGone, untilRunning } from "#testing/processes/marked-processes.ts";
import { createProcessSite } from "#testing/processes/process-fixture.ts";

const TIMEOUT = 60_000;

const sandboxed = await createProcessSite();
const plain = await createProcessSite({ sandbox: { kind: "off" } });
const sites = [
  ...(sandboxed.isSandboxed ? ([["in the sandbox", sandboxed]] as const) : []),
  ["without a sandbox", plain] as const,
];
afterAll(() => {
  sandboxed.remove();
  plain.remove();
});

describe.each(sites)("a command %s", (_, { run, runner, workspace }) => {
  test("runs in its directory and returns both outputs with its exit code", async () => {
    expect(await run("pwd; echo oops >&2; exit 3")).toEqual({
      // Each output has its own pipe, so the order of simultaneous writes is not defined.
      output: expect.stringMatching(new RegExp(`^(?=[^]*${workspace}\\n)(?=[^]*oops\\n)`)),
      stdout: `${workspace}\n`,
      stderr: "oops\n",
      exitCode: 3,
      ending: "exited",
    });
    expect((await run("mkdir -p sub; cd sub; pwd; echo ~")).output).toBe(`${workspace}/sub\n${workspace}\n`);
    expect((await run("pwd", { directory: join(workspace, "sub") })).output).toBe(`${workspace}/sub\n`);
  });

  test("does not see the gateway's environment, only what it was given", async () => {
    process.env.GOCLAW_TEST_SECRET = "hidden";
    const { output } = await run("cat /proc/self/environ | tr '\\0' '\\n'", { environment: { API_KEY: "given" } });
    delete process.env.GOCLAW_TEST_SECRET;
    expect(output).toContain("TERM=dumb");
    expect(output).toContain("API_KEY=given");
    expect(output).not.toContain("hidden");
    expect(output).not.toContain("GOCLAW");
  });

  test("reads its input, and nothing without one", async () => {
    expect((await run("cat", { input: "héllo" })).stdout).toBe("héllo");
    expect((await run("cat; test -c /dev/stdin && echo no pipe")).output).toBe("no pipe\n");
    expect((await run("exec 0<&-; echo closed", { input: "x".repeat(1_000_000) })).output).toBe("closed\n");
  });

  test("gets its arguments as they are", async () => {
    const args = ["; touch x", "$(id)", "`id`", "a b", "'\"", "*", "~", "\n", "", "--help"];
    const { stdout } = await run("", { argv: ["/usr/bin/printf", "%s|", ...args] });
    expect(stdout).toBe(args.map((arg) => `${arg}|`).join(""));
  });

  test("keeps the beginning and the end of a long output", async () => {
    const { output } = await run("seq 1 100000");
    expect(output).toStartWith("1\n2\n3\n");
    expect(output).toEndWith("99999\n100000\n");
    expect(output).toMatch(/\[… \d+ characters left out; write long output to a file …\]/);
    expect(output.length).toBeLessThan(2_100);
  });

  test(
    "is killed if it writes 10 GB, which the gateway does not keep",
    async () => {
      const { output, ending } = await run("head -c 10G /dev/zero | tr '\\0' x");
      expect(ending).toBe("flooded");
      expect(output.length).toBeLessThan(2_100);
    },
    TIMEOUT,
  );

  test("is killed at its timeout, with every process that it started", async () => {
    const mark = newMark();
    const { ending, exitCode } = await run(`sleep ${mark} & sleep ${mark}`, { timeoutMs: 200 });
    expect([ending, exitCode]).toEqual(["timeout", undefined]);
    await untilGone(mark);
  });

  test("is killed when its signal aborts, also if it was aborted before", async () => {
    const controller = new AbortController();
    const mark = newMark();
    const running = run(`sleep ${mark}`, { signal: controller.signal });
    await untilRunning(mark);
    controller.abort();
    expect((await running).ending).toBe("aborted");
    expect((await run(`sleep ${mark}`, { signal: controller.signal })).ending).toBe("aborted");
    await untilGone(mark);
  });

  test("is killed in whatever moment of its start its signal aborts", async () => {
    const marks = Array.from({ length: 40 }, newMark);
    const endings = marks.map(async (mark, milliseconds) => {
      const controller = new AbortController();
      const running = run(`sleep ${mark}`, { signal: controller.signal });
      setTimeout(() => controller.abort(), milliseconds);
      return (await running).ending;
    });
    expect(new Set(await Promise.all(endings))).toEqual(new Set(["aborted"]));
    for (const mark of marks) await untilGone(mark);
  });

  test.each([
    ["ignores signals", (mark: string) => `trap '' TERM INT HUP; (trap '' TERM HUP; sleep ${mark}) & sleep ${mark}`],
    [
      "leaves its group",
      (mark: string) => `setsid sleep ${mark} & setsid sh -c 'sleep ${mark} & sleep ${mark}' & sleep ${mark}`,
    ],
    ["forks twice", (mark: string) => `(setsid sh -c '(sleep ${mark} &) ; exit' &) ; sleep ${mark}`],
    ["hides behind wrappers", (mark: string) => `sh -c 'sh -c "nohup sleep ${mark}; true"; true'`],
  ])("that %s is killed with all its processes", async (_, command) => {
    const mark = newMark();
    const running = run(command(mark), { timeoutMs: 2_000 });
    await untilRunning(mark);
    expect((await running).ending).toBe("timeout");
    await untilGone(mark);
  });

  test("does not wait for background processes, and kills them at its end", async () => {
    const mark = newMark();
    const { ending, exitCode } = await run(`setsid sleep ${mark} & sleep ${mark} & echo started`);
    expect([ending, exitCode]).toEqual(["exited", 0]);
    await untilGone(mark);
  });

  test("does not wait for a background process that holds its output and keeps writing", async () => {
    const mark = newMark();
    const talker = `setsid sh -c 'sleep ${mark} & while :; do echo talk; sleep 0.01; done' & echo done`;
    const { ending, output } = await run(talker);
    expect(ending).toBe("exited");
    expect(output).toContain("done\n");
    await untilGone(mark);
  });

  test("answers over its pipes while it runs, until it is ended", async () => {
    const mark = newMark();
    const spec = { directory: workspace, writable: workspace, hasNetwork: false, tenantId: MASTER_TENANT_ID };
    const argv = ["/bin/sh", "-c", `sleep ${mark} & while read line; do echo "got $line"; done`] as const;
    const server = runner.start({ ...spec, argv });
    const answers = server.stdout[Symbol.asyncIterator]();
    for (const word of ["one", "two"]) {
      server.stdin.write(`${word}\n`);
      expect(String((await answers.next()).value)).toBe(`got ${word}\n`);
    }
    server.end();
    await server.exited;
    await untilGone(mark);
    server.end();
  });

  test("gets no signal after its end, when its id may be that of another process", async () => {
    const spec = { directory: workspace, writable: workspace, hasNetwork: false, tenantId: MASTER_TENANT_ID };
    const server = runner.start({ ...spec, argv: ["/bin/true"] });
    await server.exited;
    const kill = spyOn(process, "kill");
    server.end();
    expect(kill).not.toHaveBeenCalled();
    kill.mockRestore();
  });

  test("leaves no zombie and no open pipe", async () => {
    const openFiles = () => readdirSync("/proc/self/fd").length;
    await run("true");
    const before = openFiles();
    for (let count = 0; count < 20; count++) await run("cat & true", count % 2 ? { input: "x" } : {});
    while (openFiles() > before + 5) await Bun.sleep(10);
    const { stdout } = Bun.spawnSync(["ps", "--ppid", String(process.pid), "-o", "stat="]);
    expect(stdout.toString()).not.toMatch(/^Z/m);
  });

  test.each(
    [
      "LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT DYLD_INSERT_LIBRARIES NODE_OPTIONS BASH_ENV ENV PYTHONSTARTUP PATH IFS",
      "GIT_SSH_COMMAND PERL5OPT RUBYOPT PROMPT_COMMAND BASH_FUNC_ls%% GLIBC_TUNABLES GCONV_PATH A=B 1A",
    ].flatMap((line) => line.split(" ")),
  )("is refused with the variable %s", async (name) => {
    const refused = run("true", { environment: { [name]: "x" } });
    expect(await refused.catch((thrown: unknown) => thrown)).toMatchObject({
      code: "INVALID_REQUEST",
      options: { field: `environment.${name}` },
    });
  });
});

test("rejects if its directory is missing", async () => {
  expect(plain.run("true", { directory: join(plain.workspace, "missing") })).rejects.toThrow();
});
