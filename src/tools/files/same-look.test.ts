import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { callTool } from "#testing/tool-fixture.ts";
import { editTool } from "#tools/files/edit.ts";
import { findAlike } from "#tools/files/find-alike.ts";
import { listFilesTool } from "#tools/files/list-files.ts";
import { readFileTool } from "#tools/files/read-file.ts";
import { writeFileTool } from "#tools/files/write-file.ts";

const root = mkdtempSync(join(tmpdir(), "goclaw-look-"));
const workspace = join(root, "a");
const at = (path: string) => join(workspace, path);
const use = (tool: typeof readFileTool, input: object) => callTool(tool, input, { workspace });
const read = async (path: string) => (await use(readFileTool, { path })).text;
const write = async (path: string, content: string, append = false) =>
  (await use(writeFileTool, { path, content, append })).text;
const edit = async (path: string, old_string: string, new_string: string, replace_all = false) =>
  (await use(editTool, { path, old_string, new_string, replace_all })).text;

const composed = (text: string) => text.normalize("NFC");
const decomposed = (text: string) => text.normalize("NFD");
/** How keyboards of the Vietnamese code page write `ổ`: a composed letter with a combining tone. */
const halfComposed = (text: string) => decomposed(text).replaceAll("o\u0302", "ô").replaceAll("e\u0302", "ê");

afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  rmSync(root, { recursive: true });
  mkdirSync(workspace, { recursive: true });
});

describe("a path", () => {
  const PATH = "tài liệu/quý một/báo cáo ổn định.md";
  const NAMES = ["báo cáo.md", "한국어 보고서.txt", "Ångström", "カタカナ ガ.md", "हिन्दी क़लम", "tiếng việt"];

  test.each([
    ["decomposed", decomposed],
    ["half composed", halfComposed],
    ["composed", composed],
  ] as const)("that is %s on disk is found by every spelling, and keeps its own", async (_, spell) => {
    mkdirSync(at(spell("tài liệu/quý một")), { recursive: true });
    writeFileSync(at(spell(PATH)), "one\n");
    for (const asked of [
      composed(PATH),
      decomposed(PATH),
      halfComposed(PATH),
      composed("tài liệu/") + decomposed(PATH.slice(9)),
    ]) {
      expect(await read(asked)).toBe("one");
      expect((await use(listFilesTool, { path: asked.slice(0, asked.lastIndexOf("/")) })).text).toContain("(4 bytes)");
    }
    expect(await edit(composed(PATH), "one", "two")).toStartWith("Replaced");
    expect(await write(decomposed(PATH), "three\n", true)).toStartWith("Added");
    expect(await read(halfComposed(PATH))).toBe("two\nthree");
    expect(readdirSync(workspace, { recursive: true, encoding: "utf8" })).toHaveLength(3);
    expect(readFileSync(at(spell(PATH)), "utf8")).toBe("two\nthree\n");
  });

  test.each(NAMES)("of a new file and its directories is in NFC, and no second file looks like %s", async (name) => {
    const path = `${name}/${name}`;
    for (const spell of [decomposed, composed, halfComposed])
      expect(await write(spell(path), "x")).toStartWith("Wrote");
    expect(readdirSync(workspace, { recursive: true, encoding: "utf8" })).toEqual([composed(name), composed(path)]);
    await write(decomposed(path), "y", true);
    expect(await read(path)).toBe("xy");
    const text = (await use(listFilesTool, { path: decomposed(name) })).text;
    expect(text).toBe(`${composed(name)} (2 bytes)`);
  });

  test("that exists exactly precedes what looks the same, and two others are an error", async () => {
    for (const spell of [composed, decomposed, halfComposed]) writeFileSync(at(spell("ổ")), spell.name);
    expect(await read(decomposed("ổ"))).toBe("decomposed");
    expect(await read(composed("ổ"))).toBe("composed");
    rmSync(at(composed("ổ")));
    expect(await read(composed("ổ"))).toContain("several names look like");
    expect(await write(composed("ổ"), "new")).toContain("several names look like");
    expect(readdirSync(workspace)).toHaveLength(2);
  });

  test("does not leave the workspace by another spelling", async () => {
    writeFileSync(join(root, "secret.txt"), "untouched");
    symlinkSync(root, at(decomposed("lên")));
    symlinkSync(join(root, "secret.txt"), at(decomposed("bí mật")));
    mkdirSync(at(".goclaw"));
    writeFileSync(at(".goclaw/ổ"), "untouched");
    for (const path of ["lên/secret.txt", "bí mật", "ổ/../../secret.txt", ".goclaw/ổ"].map(composed)) {
      expect(await read(path)).toContain("Cannot use");
      expect(await write(path, "changed")).toContain("Cannot use");
      expect(await edit(path, "untouched", "changed")).toContain("Cannot use");
    }
    expect(readFileSync(join(root, "secret.txt"), "utf8")).toBe("untouched");
  });

  test("with a name that is too long only when decomposed is a path like others", async () => {
    const name = `${"ệ".repeat(60)}.md`;
    expect(await write(decomposed(name), "x")).toStartWith("Wrote");
    expect(await read(decomposed(name))).toBe("x");
    expect(readdirSync(workspace)).toEqual([composed(name)]);
    const onDisk = decomposed("ệ".repeat(50));
    writeFileSync(at(onDisk), "one");
    expect(await edit(composed(onDisk), "one", "two")).toStartWith("Replaced");
    expect(readFileSync(at(onDisk), "utf8")).toBe("two");
  });
});

describe("edit", () => {
  const content = () => readFileSync(at("f"), "utf8");
  const SPELLINGS = [composed, decomposed, halfComposed];

  test("finds text as people read it, and changes nothing else", async () => {
    for (const inFile of SPELLINGS) {
      for (const asked of SPELLINGS) {
        writeFileSync(at("f"), `\uFEFF${inFile("giá ổn định, ")}${asked("rất tốt")}\r\n${inFile("hết")}`);
        expect(await edit("f", asked("ổn định"), "tăng")).toBe("Replaced 1 occurrence in f");
        expect(content()).toBe(`\uFEFF${inFile("giá ")}tăng, ${asked("rất tốt")}\r\n${inFile("hết")}`);
      }
    }
  });

  test("replaces what stands there exactly first, and all that looks the same with replace_all", async () => {
    writeFileSync(at("f"), `${decomposed("ổ")} ${composed("ổ")} ${halfComposed("ổ")}`);
    expect(await edit("f", composed("ổ"), "x")).toBe("Replaced 1 occurrence in f");
    expect(content()).toBe(`${decomposed("ổ")} x ${halfComposed("ổ")}`);
    expect(await edit("f", composed("ổ"), "y")).toContain("stands 2 times");
    expect(await edit("f", composed("ổ"), "y", true)).toBe("Replaced 2 occurrences in f");
    expect(content()).toBe("y x y");
  });

  test("does not find one letter within another", async () => {
    for (const text of ["quý", "ọ\u0302"]) {
      writeFileSync(at("f"), decomposed(text));
      for (const part of ["quy", "y", "o", "o\u0323"])
        expect(await edit("f", part, "x")).toContain("does not stand in");
      expect(await edit("f", "y", "x", true)).toContain("does not stand in");
      expect(content()).toBe(decomposed(text));
    }
    writeFileSync(at("f"), "❤\uFE0F ok");
    expect(await edit("f", "❤", "x")).toStartWith("Replaced");
  });

  test("takes both kinds of line ends, and keeps those of the file", async () => {
    writeFileSync(at("f"), "a\r\nb\r\nc\r\n");
    expect(await edit("f", "a\nb", "1\n2\n3")).toStartWith("Replaced");
    expect(content()).toBe("1\r\n2\r\n3\r\nc\r\n");
    expect(await edit("f", "c\n", "d\r\n")).toStartWith("Replaced");
    expect(content()).toBe("1\r\n2\r\n3\r\nd\r\n");
    writeFileSync(at("f"), "a\nb\n");
    expect(await edit("f", "a\r\nb", "1\r\n2")).toStartWith("Replaced");
    expect(content()).toBe("1\n2\n");
    writeFileSync(at("f"), "a\r\nb\na\nb\n");
    expect(await edit("f", "a\nb", "x\ny", true)).toBe("Replaced 2 occurrences in f");
    expect(content()).toBe("x\r\ny\nx\ny\n");
    expect(await edit("f", "y\n", "z\r\n", true)).toBe("Replaced 2 occurrences in f");
    expect(content()).toBe("x\r\nz\r\nx\nz\r\n");
  });

  test("finds the right stretch far into a long text, and text that ends with the file", async () => {
    const line = "một dòng chữ ổn định, dài\r\n";
    const long = decomposed(line).repeat(5_000);
    writeFileSync(at("f"), `${long}${decomposed("cuối cùng")}`);
    expect(await edit("f", "dài\ncuối cùng", "hết\nnhé")).toStartWith("Replaced");
    expect(content()).toBe(`${long.slice(0, -decomposed("dài\r\n").length)}hết\r\nnhé`);
    expect(await edit("f", "ổn định", "", true)).toBe("Replaced 5000 occurrences in f");
    expect(content()).toBe(
      decomposed(line.replace("ổn định", "")).repeat(4_999) + content().slice(content().lastIndexOf("mo")),
    );
  });
});

test("every stretch that is found looks like the text that was asked for, and all of them are found", async () => {
  const letters = fc.constantFrom(
    "ổ",
    "o",
    "ệ",
    "각",
    "가",
    "क़",
    "Å",
    "\u212b",
    "\r\n",
    "\n",
    " ",
    "x",
    "\u0301",
    "\u0323",
    "😀",
  );
  const spelling = fc.constantFrom("NFC", "NFD");
  const pieces = fc.array(fc.tuple(letters, spelling), { minLength: 1, maxLength: 30 });
  const spell = (given: readonly (readonly [string, string])[]) =>
    given.map(([letter, form]) => letter.normalize(form)).join("");
  const look = (text: string) => text.replaceAll("\r\n", "\n").normalize("NFC");
  await fc.assert(
    fc.asyncProperty(pieces, pieces, pieces, async (before, wanted, after) => {
      const asked = spell(wanted.slice(0, 3));
      const text = `${spell(before)}|${spell(wanted.slice(0, 3).map(([letter]) => [letter, "NFD"]))}|${spell(after)}`;
      const found = await findAlike(text, asked);
      for (let index = 0; index < found.length; index += 2) {
        expect(look(text.slice(found[index], found[index + 1]))).toBe(look(asked));
      }
      const startsWithMark = /^\p{M}/u.test(asked);
      if (!startsWithMark) expect(found.length).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});
