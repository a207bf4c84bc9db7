import { expect, onTestFinished, test } from "bun:test";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { replaceFile, writeNewFile } from "#base/files/write-file.ts";

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "goclaw-write-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("a new file has its text, is for its owner alone, and leaves no draft", () => {
  const folder = aFolder();
  const path = join(folder, "a");
  expect(writeNewFile(path, "chào")).toBe(true);
  expect(readFileSync(path, "utf8")).toBe("chào");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["a"]);
});

test("a file that exists stays as it is", () => {
  const folder = aFolder();
  const path = join(folder, "a");
  writeFileSync(path, "old");
  expect(writeNewFile(path, "new")).toBe(false);
  expect(readFileSync(path, "utf8")).toBe("old");
  expect(readdirSync(folder)).toEqual(["a"]);
});

test("a name that another process took meanwhile stays as it is", () => {
  const folder = aFolder();
  // A link to nowhere looks like a free name until somebody takes it.
  symlinkSync("nowhere", join(folder, "a"));
  expect(writeNewFile(join(folder, "a"), "new")).toBe(false);
  expect(readdirSync(folder)).toEqual(["a"]);
});

test("a file whose folder is missing is an error", () => {
  const path = join(aFolder(), "missing", "a");
  expect(() => writeNewFile(path, "x")).toThrow("ENOENT");
  expect(() => replaceFile(path, "x")).toThrow("ENOENT");
});

test("a file is replaced as a whole, or made", () => {
  const folder = aFolder();
  const path = join(folder, "a");
  for (const text of ["a long text", "short"]) replaceFile(path, text);
  expect(readFileSync(path, "utf8")).toBe("short");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["a"]);
});

test("a place that cannot be replaced is an error, and leaves no draft", () => {
  const folder = aFolder();
  mkdirSync(join(folder, "a"));
  expect(() => replaceFile(join(folder, "a"), "x")).toThrow();
  expect(readdirSync(folder)).toEqual(["a"]);
});
