import { expect, test } from "bun:test";
import { createFailpoints } from "#base/failpoints.ts";

/** Passes a point several times in a process of its own. Returns what it said, and the signal that ended it. */
function pass(failpoints: string, point: string, times: number) {
  const source = `
    import { createFailpoints } from "#base/failpoints.ts";
    const failpoints = createFailpoints({ GOCLAW_TEST: "1", GOCLAW_FAILPOINTS: process.argv[1] });
    for (let time = 1; time <= Number(process.argv[3]); time++) {
      failpoints.pass(process.argv[2]);
      process.stdout.write(time + " ");
    }`;
  const command = [process.execPath, "--no-env-file", "-e", source, failpoints, point, `${times}`];
  const { stdout, signalCode } = Bun.spawnSync(command, { cwd: `${import.meta.dir}/../..` });
  return [stdout.toString().trim(), signalCode];
}

test("a process dies at the pass of its failpoint that was asked for, and at no other point", () => {
  expect(pass("call.executed", "call.executed", 3)).toEqual(["", "SIGKILL"]);
  expect(pass("run.ended:1,call.executed:3", "call.executed", 4)).toEqual(["1 2", "SIGKILL"]);
  expect(pass("run.ended", "call.executed", 2)).toEqual(["1 2", undefined]);
});

test("failpoints are for tests alone, and have known names", () => {
  expect(() => createFailpoints({ GOCLAW_FAILPOINTS: "run.ended" })).toThrow("GOCLAW_TEST=1");
  expect(() => createFailpoints({ GOCLAW_TEST: "1", GOCLAW_FAILPOINTS: "run.begun" })).toThrow("run.begun");
  expect(() => createFailpoints({}).pass("run.ended")).not.toThrow();
});
