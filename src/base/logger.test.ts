import { expect, test } from "bun:test";
import { describeError } from "#base/logger.ts";

test("a logged error and its causes show no text that is shaped like a credential", () => {
  const cause = new SyntaxError('Unexpected identifier "sk-abcdefghijklmnopqrst"');
  const logged = JSON.stringify(describeError(new Error("api_key=hunter2hunter2 is wrong", { cause })));
  expect(logged).toContain("SyntaxError");
  expect(logged).not.toMatch(/hunter2|sk-abc/);
  expect(describeError("Bearer abcdefgh12345678")).toBe("Bearer [REDACTED]");
});
