import { expect, test } from "bun:test";
import { describeError } from "#base/logger.ts";

test("a logged error and its causes show no text that is shaped like a credential", () => {
  const cause = new SyntaxError('Unexpected identifier "sk-abcdefghijklmnopqrst"');
  const logged = JSON.stringify(describeError(new Error("api_key=hunter2hunter2 is wrong", { cause })));
  expect(logged).toContain("SyntaxError");
  expect(logged).not.toMatch(/hunter2|sk-abc/);
  expect(describeError("Bearer abcdefgh12345678")).toBe("Bearer [REDACTED]");
});

test("lines go to standard error, and what is below the level goes nowhere", () => {
  const source = `
    import { createLogger } from "#base/logger.ts";
    const seen = [];
    const logger = createLogger("warn", (line) => seen.push(line));
    logger.info({}, "quiet");
    logger.warn({ id: 1 }, "loud");
    process.stdout.write(seen.join(""));`;
  const command = [process.execPath, "--no-env-file", "-e", source];
  const { stdout, stderr } = Bun.spawnSync(command, { cwd: `${import.meta.dir}/../..` });
  expect(stderr.toString()).toBe(stdout.toString());
  const { time, ...line } = JSON.parse(stderr.toString());
  expect(line).toEqual({ level: 40, id: 1, msg: "loud" });
  expect(time).toBe(new Date(time).toISOString());
});
