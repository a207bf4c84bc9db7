import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockHome } from "#app/home/lock-home.ts";

let path: string;

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), "goclaw-lock-"));
});

afterEach(() => rmSync(path, { recursive: true }));

const HOLDER = `
  const { lockHome } = await import(${JSON.stringify(join(import.meta.dir, "lock-home.ts"))});
  globalThis.lock = lockHome({ path: process.env.LOCKED_PATH });
  process.stdout.write("locked");
  setInterval(() => {}, 60_000);
`;

test("a home that another process has locked is refused, and is free after that process dies", async () => {
  const holder = Bun.spawn([process.execPath, "-e", HOLDER], { env: { LOCKED_PATH: path }, stdout: "pipe" });
  try {
    const { value } = await holder.stdout.getReader().read();
    expect(new TextDecoder().decode(value)).toBe("locked");
    expect(() => lockHome({ path })).toThrow(
      `Another gateway runs with the home directory ${path}: stop it, or set GOCLAW_HOME to another.`,
    );
  } finally {
    holder.kill("SIGKILL");
    await holder.exited;
  }
  lockHome({ path }).release();
});

test("a released home can be locked again", () => {
  const lock = lockHome({ path });
  expect(() => lockHome({ path })).toThrow("Another gateway runs");
  lock.release();
  lockHome({ path }).release();
});

test("a missing home cannot be locked", () => {
  expect(() => lockHome({ path: join(path, "missing") })).toThrow("cannot be locked");
});
