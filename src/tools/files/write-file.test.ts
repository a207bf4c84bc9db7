import { afterAll, describe, expect, test } from "bun:test";
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIMITS } from "#base/limits.ts";
import { callTool } from "#testing/tool-fixture.ts";
import { writeFileTool } from "#tools/files/write-file.ts";

describe("write_file", () => {
  const root = mkdtempSync(join(tmpdir(), "goclaw-workspace-"));
  const workspace = join(root, "a");
  const outside = join(root, "secret.txt");
  writeFileSync(outside, "untouched");
  mkdirSync(join(root, "ab"));
  mkdirSync(workspace);
  afterAll(() => rmSync(root, { recursive: true }));

  const write = (path: string, content = "x", append = false) =>
    callTool(writeFileTool, { path, content, append }, { workspace });

  test("writes, replaces and appends, and makes directories", async () => {
    await write("notes/today.md", "one");
    await write("notes/today.md", "two");
    expect(await write("notes/today.md", "+three", true)).toEqual({
      text: "Added 6 bytes to notes/today.md",
      isError: false,
    });
    expect(readFileSync(join(workspace, "notes/today.md"), "utf8")).toBe("two+three");
    expect(readdirSync(join(workspace, "notes"))).toEqual(["today.md"]);
  });

  test("says that a path is a directory", async () => {
    await write("a-directory/x");
    expect((await write("a-directory")).text).toContain("is a directory");
  });

  test("refuses a file that has more bytes than tools can read", async () => {
    const most = "x".repeat(LIMITS.workspaceFile);
    expect((await write("large.txt", most)).isError).toBe(false);
    expect((await write("large.txt", "x", true)).isError).toBe(true);
    expect((await write("large.txt", `ü${most.slice(1)}`)).isError).toBe(true);
    expect(readFileSync(join(workspace, "large.txt"), "utf8")).toBe(most);
    expect(readdirSync(workspace).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test.each([
    "../secret.txt",
    "/etc/passwd",
    "a/../../secret.txt",
    "..",
    "",
    "dir/",
    "a\0b",
    "..\\secret.txt",
    "../ab/x",
    ".goclaw/config.json",
    "notes/.GoClaw/x",
  ])("%j is refused", async (path) => {
    expect((await write(path)).isError).toBe(true);
    expect((await write(path, "x", true)).isError).toBe(true);
  });

  test("refuses symbolic links to files and directories, dangling links and hard links", async () => {
    symlinkSync(outside, join(workspace, "link"));
    symlinkSync(root, join(workspace, "up"));
    symlinkSync(join(root, "new.txt"), join(workspace, "dangling"));
    linkSync(outside, join(workspace, "hard"));
    for (const path of ["link", "up/secret.txt", "up/ab/x", "dangling", "hard"]) {
      expect((await write(path, "changed")).isError).toBe(true);
      expect((await write(path, "changed", true)).isError).toBe(true);
    }
    expect(readFileSync(outside, "utf8")).toBe("untouched");
    expect(readdirSync(root).sort()).toEqual(["a", "ab", "secret.txt"]);
  });

  test("has an effect that depends on its arguments", () => {
    expect(writeFileTool.effectOf('{"path":"a","content":"x"}')).toBe("idempotent");
    expect(writeFileTool.effectOf('{"path":"a","content":"x","append":true}')).toBe("once");
    expect(writeFileTool.effectOf("{")).toBe("read");
  });
});
