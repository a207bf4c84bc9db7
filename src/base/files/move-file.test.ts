import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { moveFile } from "#base/files/move-file.ts";

/** Another volume on every Linux. */
const SHARED_MEMORY = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

const here = mkdtempSync(join(tmpdir(), "goclaw-move-"));
const elsewhere = mkdtempSync(join(SHARED_MEMORY, "goclaw-move-"));
afterAll(() => {
  for (const directory of [here, elsewhere]) rmSync(directory, { recursive: true });
});

test.each([
  ["the same volume", here],
  ["another volume", elsewhere],
])("a file moves to %s, and replaces what is there", async (_, directory) => {
  const from = join(here, "gửi-🦊");
  const to = join(directory, "target");
  writeFileSync(from, "new");
  writeFileSync(to, "old");
  await moveFile(from, to);
  expect(readFileSync(to, "utf8")).toBe("new");
  expect(readdirSync(here)).not.toContain("gửi-🦊");
  expect(readdirSync(directory)).toEqual(["target"]);
  rmSync(to);
});

test("a missing file is reported as such", async () => {
  await expect(moveFile(join(here, "missing"), join(here, "target"))).rejects.toThrow("ENOENT");
});
