import { afterAll, describe, expect, test } from "bun:test";
import { statSync } from "node:fs";
import { join } from "node:path";
import { newMark, untilGone } from "#testing/processes/marked-processes.ts";
import { createSandboxSites } from "#testing/processes/process-fixture.ts";

const TIMEOUT = 60_000;
const MIB = 1_024 ** 2;

const sites = await createSandboxSites();

describe.each([...sites])("a command in the sandbox %s", (_, { run, workspace, remove }) => {
  afterAll(remove);

  test(
    "starts a limited number of processes, and all of them end with it",
    async () => {
      const mark = newMark();
      const { output } = await run(`for i in $(seq 200); do sleep ${mark} & done; jobs | wc -l`, { timeoutMs: 20_000 });
      expect(output).toMatch(/[Cc]annot fork|Resource temporarily unavailable/);
      await untilGone(mark);
    },
    TIMEOUT,
  );

  test(
    "does no harm with a fork bomb",
    async () => {
      const mark = newMark();
      const bomb = `: ${mark}; bomb() { bomb ${mark} | bomb ${mark} & }; bomb ${mark}; sleep ${mark}`;
      expect((await run(bomb, { timeoutMs: 2_000 })).ending).toBe("timeout");
      await untilGone(mark);
      expect((await run("echo still works")).output).toBe("still works\n");
    },
    TIMEOUT,
  );

  test(
    "writes no file beyond the limit",
    async () => {
      expect((await run("dd if=/dev/zero of=large bs=1M count=10240")).exitCode).not.toBe(0);
      expect(statSync(join(workspace, "large")).size).toBe(16 * MIB);
    },
    TIMEOUT,
  );

  test("fills only its own temporary directories", async () => {
    const { stdout } = await run(
      "for i in $(seq 20); do head -c 16M /dev/zero > /dev/shm/$i || break; done 2>/dev/null; du -sm /dev/shm",
    );
    expect(stdout).toBe("64\t/dev/shm\n");
    expect((await run("df -m --output=size /tmp | tail -1")).stdout.trim()).toBe("512");
    await run("echo x > /tmp/left");
    expect((await run("cat /tmp/left /var/tmp/left")).stdout).toBe("");
  });

  test(
    "takes a limited amount of memory",
    async () => {
      const { exitCode, output } = await run("head -c 2G /dev/zero | tail -c 2G | wc -c");
      expect(output).toMatch(/memory exhausted|[Cc]annot allocate|Out of memory/);
      expect(exitCode).toBe(0);
    },
    TIMEOUT,
  );

  test(
    "takes a limited amount of memory with all its processes together",
    async () => {
      const mark = newMark();
      const holder = `(head -c 150M /dev/zero; sleep ${mark}) | tail -c 150M > /dev/null &`;
      expect((await run(`for i in 1 2 3 4 5 6; do ${holder} done; sleep ${mark}`)).ending).toBe("memory");
      await untilGone(mark);
    },
    TIMEOUT,
  );

  test(
    "may share memory among many processes",
    async () => {
      const { exitCode } = await run(
        `x=$(head -c 100M /dev/zero | tr '\\0' x); for i in 1 2 3 4 5 6; do (sleep 1; :) & done; wait`,
      );
      expect(exitCode).toBe(0);
    },
    TIMEOUT,
  );

  test("opens a limited number of files", async () => {
    expect((await run("ulimit -n; ulimit -Hn")).output).toBe("256\n256\n");
  });

  test(
    "computes for a limited time, even if it sleeps for long",
    async () => {
      expect((await run("while :; do :; done")).exitCode).toBe(137);
    },
    TIMEOUT,
  );

  test("is the first that the system ends when memory runs out", async () => {
    expect((await run("cat /proc/self/oom_score_adj")).stdout).toBe("1000\n");
  });

  test("runs the usual programs", async () => {
    const { exitCode, stderr } = await run(
      "git init -q repo && cd repo && git -c user.name=a -c user.email=a@b.c commit -q --allow-empty -m x && git log | sort | sed 's/a/b/' > /tmp/x && whoami && date",
    );
    expect([exitCode, stderr]).toEqual([0, ""]);
  });
});
