import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIMITS } from "#base/limits.ts";
import { callTool } from "#testing/tool-fixture.ts";
import { editTool } from "#tools/files/edit.ts";
import { listFilesTool } from "#tools/files/list-files.ts";
import { readFileTool } from "#tools/files/read-file.ts";

const root = mkdtempSync(join(tmpdir(), "goclaw-workspace-"));
const workspace = join(root, "a");
const at = (path: string) => join(workspace, path);
const read = (path: string, options: object = {}) => callTool(readFileTool, { path, ...options }, { workspace });
const list = (path?: string) => callTool(listFilesTool, path === undefined ? {} : { path }, { workspace });
const edit = (path: string, old_string: string, new_string: string, options: object = {}) =>
  callTool(editTool, { path, old_string, new_string, ...options }, { workspace });

afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  rmSync(root, { recursive: true });
  mkdirSync(at("notes"), { recursive: true });
  writeFileSync(join(root, "secret.txt"), "untouched");
  writeFileSync(at("notes/a.md"), "one\ntwo\nthree\n");
});

/** Creates every kind of entry that leads out of the workspace or into the gateway's own part of it. */
function makeTraps() {
  mkdirSync(join(root, "ab"));
  writeFileSync(join(root, "ab/x"), "untouched");
  symlinkSync(join(root, "secret.txt"), at("link"));
  symlinkSync(at("link"), at("chain"));
  symlinkSync(at("notes/a.md"), at("inner"));
  symlinkSync(root, at("up"));
  symlinkSync(join(root, "nothing"), at("dangling"));
  linkSync(join(root, "secret.txt"), at("hard"));
  mkdirSync(at(".goclaw"));
  writeFileSync(at(".goclaw/config.json"), "untouched");
  Bun.spawnSync(["mkfifo", at("pipe")]);
}

const TRAPS = [
  ...["../secret.txt", "/etc/passwd", "notes/../../secret.txt", "..", "", "a\0b", "..\\secret.txt", "../ab/x"],
  ...["link", "chain", "inner", "up/secret.txt", "up/ab/x", "up/a/notes/a.md", "dangling", "hard", "pipe"],
  ...[".goclaw/config.json", ".GOCLAW/config.json", "notes/../.goclaw/config.json", "link/x", "/dev/zero"],
];

test.each(TRAPS)("%j is neither read nor changed nor listed", async (path) => {
  makeTraps();
  const outcomes = await Promise.all([
    read(path),
    edit(path, "untouched", "changed"),
    path === "" ? read(path) : list(path),
  ]);
  for (const { text, isError } of outcomes) {
    expect(isError).toBe(true);
    expect(text).not.toContain("untouched");
  }
  expect(readFileSync(join(root, "secret.txt"), "utf8")).toBe("untouched");
  expect(readFileSync(at("notes/a.md"), "utf8")).toBe("one\ntwo\nthree\n");
});

describe("read_file", () => {
  test("returns a whole file, or some of its lines and how to continue", async () => {
    expect(await read("notes/a.md")).toEqual({ text: "one\ntwo\nthree", isError: false });
    expect((await read("./notes//a.md", { offset: 2 })).text).toBe("two\nthree");
    const part = await read("notes/a.md", { offset: 2, limit: 1 });
    expect(part.text).toBe("two\n[lines 2 to 2 of 3; go on with offset 3]");
  });

  test("returns a long file in parts that together are the whole file", async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index} ${"é".repeat(index % 7)}`);
    writeFileSync(at("long.txt"), lines.join("\n"));
    const found: string[] = [];
    for (let offset = 1; offset > 0; ) {
      const { text } = await read("long.txt", { offset });
      const [, shown = text, next = "0"] =
        /^([\s\S]*)\n\[lines .* of 20000; go on with offset (\d+)\]$/.exec(text) ?? [];
      expect(shown.length).toBeLessThanOrEqual(LIMITS.readFileChars);
      found.push(...shown.split("\n"));
      offset = Number(next);
    }
    expect(found).toEqual(lines);
  });

  test("truncates a line that does not fit, and says so", async () => {
    writeFileSync(at("wide.txt"), `${"x".repeat(60_000)}\nend`);
    const { text } = await read("wide.txt");
    expect(text).toEndWith("\n[line 1 has 60000 characters and was cut; go on with offset 2]");
    expect((await read("wide.txt", { offset: 2 })).text).toBe("end");
  });

  test("explains why it cannot show a file", async () => {
    writeFileSync(at("picture"), Buffer.from([137, 80, 78, 71, 0, 1]));
    writeFileSync(at("empty"), "");
    expect(await read("picture")).toEqual({ text: '"picture" is a binary file of 6 bytes, not text.', isError: true });
    expect(await read("notes")).toEqual({ text: '"notes" is a directory: use list_files.', isError: true });
    expect(await read("nothing/x")).toEqual({ text: 'There is no "nothing/x" in the workspace.', isError: true });
    expect(await read("empty")).toEqual({ text: "The file is empty.", isError: false });
    expect(await read("notes/a.md", { offset: 4 })).toEqual({ text: "The file has only 3 lines.", isError: true });
    expect((await callTool(readFileTool, { path: "x" }, { workspace: join(root, "new") })).isError).toBe(true);
  });
});

describe("edit", () => {
  test("replaces text that occurs once, whatever characters the new text has", async () => {
    expect(await edit("notes/a.md", "two\n", "$& $1 2\n")).toEqual({
      text: "Replaced 1 occurrence in notes/a.md",
      isError: false,
    });
    expect(readFileSync(at("notes/a.md"), "utf8")).toBe("one\n$& $1 2\nthree\n");
  });

  test("asks for more context if the text occurs several times, or replaces all occurrences", async () => {
    writeFileSync(at("b"), "aXaXa");
    expect((await edit("b", "X", "Y")).text).toContain('stands 2 times in "b"');
    expect((await edit("b", "X", "", { replace_all: true })).text).toBe("Replaced 2 occurrences in b");
    expect(readFileSync(at("b"), "utf8")).toBe("aaa");
  });

  test("explains why it changed nothing", async () => {
    writeFileSync(at("binary"), Buffer.from([0xff, 0xfe, 0x61]));
    expect((await edit("notes/a.md", "one  two", "c")).text).toContain("Only the white space differs");
    expect((await edit("notes/a.md", "four", "c")).text).toBe(
      'old_string does not stand in "notes/a.md". Read the file first.',
    );
    expect((await edit("notes/a.md", "one", "one")).text).toContain("nothing to change");
    expect((await edit("binary", "a", "b")).text).toBe('"binary" is not a UTF-8 text file.');
    expect((await edit("new.md", "a", "b")).text).toBe('There is no "new.md" in the workspace.');
    expect((await edit("notes/a.md", "", "b")).isError).toBe(true);
  });

  test("refuses to grow a file beyond its limit", async () => {
    writeFileSync(at("many"), "x".repeat(1_000_000));
    const { text } = await edit("many", "x", "y".repeat(1_000_000), { replace_all: true });
    expect(text).toStartWith("The file would become too large");
  });

  test("keeps a byte order mark, and has the effect `once`", async () => {
    writeFileSync(at("marked"), "\uFEFFa");
    await edit("marked", "a", "b");
    expect(readFileSync(at("marked"), "utf8")).toBe("\uFEFFb");
    expect(editTool.effectOf('{"path":"a","old_string":"a","new_string":"b"}')).toBe("once");
  });
});

describe("list_files", () => {
  test("shows directories first, then files with their sizes, and none of the gateway's own", async () => {
    makeTraps();
    writeFileSync(at("b.txt"), "four");
    writeFileSync(at("two\nlines"), "");
    expect((await list()).text.split("\n")).toEqual([
      "notes/",
      "b.txt (4 bytes)",
      "chain (not a plain file)",
      "dangling (not a plain file)",
      "hard (not a plain file)",
      "inner (not a plain file)",
      "link (not a plain file)",
      "pipe (not a plain file)",
      '"two\\nlines" (0 bytes)',
      "up (not a plain file)",
    ]);
    expect((await list("notes/")).text).toBe("a.md (14 bytes)");
  });

  test("explains what is missing", async () => {
    expect((await list("nothing")).text).toBe('There is no "nothing" in the workspace.');
    expect((await list("notes/a.md")).text).toBe('"notes/a.md": "a.md" is a file, not a directory.');
    const fresh = await callTool(listFilesTool, {}, { workspace: join(root, "new") });
    expect(fresh).toEqual({ text: "The directory is empty.", isError: false });
  });

  test("is bounded", async () => {
    for (let index = 0; index <= LIMITS.listedFiles; index++) writeFileSync(at(`notes/${index}`), "");
    const lines = (await list("notes")).text.split("\n");
    expect(lines.length).toBe(LIMITS.listedFiles + 1);
    expect(lines.at(-1)).toBe(`[only ${LIMITS.listedFiles} entries are shown; there are more]`);
  });
});
