import { expect, test } from "bun:test";
import { LIMITS } from "#base/limits.ts";
import type { LogEntry } from "#core/live/log-feed.ts";
import { LogTap } from "#core/live/log-tap.ts";

const line = (level: number, msg: string, more: object = {}) =>
  `${JSON.stringify({ level, time: "2026-01-02T03:04:05.000Z", ...more, msg })}\n`;

test("readers get the latest lines of their level, and then each further one", () => {
  const tap = new LogTap();
  for (let n = 0; n < LIMITS.logLines + 5; n++) tap.write(line(30, `line ${n}`));
  tap.write(line(20, "too fine"));
  tap.write(line(50, "broken", { requestId: "r", error: { message: "no" } }));
  const [all, errors]: [LogEntry[], LogEntry[]] = [[], []];
  const endAll = tap.subscribe("info", (entry) => all.push(entry));
  tap.subscribe("error", (entry) => errors.push(entry));
  expect(all).toHaveLength(LIMITS.logLines - 1);
  expect(all[0]?.message).toBe("line 7");
  const attrs = { requestId: "r", error: { message: "no" } };
  expect(errors).toEqual([{ timestamp: Date.parse("2026-01-02T03:04:05Z"), level: "error", message: "broken", attrs }]);
  tap.write(line(40, "careful"));
  endAll();
  tap.write(line(60, "over"));
  expect([all.at(-1)?.message, errors.at(-1)?.message]).toEqual(["careful", "over"]);
});

test("values under names of secrets are not shown, however deep", () => {
  const tap = new LogTap();
  tap.write(line(30, "x", { api_key: "k", nested: [{ Authorization: "a", id: 1 }], Cookie: "c", dsn: "d", ok: true }));
  const entries: LogEntry[] = [];
  tap.subscribe("debug", (entry) => entries.push(entry));
  expect(entries[0]?.attrs).toEqual({
    ...{ api_key: "***", Cookie: "***", dsn: "***", ok: true },
    nested: [{ Authorization: "***", id: 1 }],
  });
});

test("a line has its level, and no values if it has none", () => {
  const tap = new LogTap();
  const entries: LogEntry[] = [];
  for (const level of [10, 20, 30, 40, 50, 60]) tap.write(line(level, `${level}`));
  tap.write(`${JSON.stringify({ level: 30, time: "2026-01-02T03:04:05.000Z", msg: 5 })}\n`);
  tap.subscribe("debug", (entry) => entries.push(entry));
  expect(entries.map(({ level, message }) => `${level} ${message}`)).toEqual([
    ...["debug 20", "info 30", "warn 40", "error 50", "error 60", "info "],
  ]);
  expect(entries.some((entry) => "attrs" in entry)).toBe(false);
  tap.write(line(30, "x", { one: 1 }));
  expect(entries.at(-1)?.attrs).toEqual({ one: 1 });
});
