import { describe, expect, test } from "bun:test";
import { cutToCells } from "#cli/output/cut-to-cells.ts";
import { type TableColumn, toTable } from "#cli/output/to-table.ts";

const plain = { paint: (_: string, text: string) => text };
const NAMES = [
  "代理代理代理代理代理",
  "Nguyễn Thị Minh Khai",
  "👩‍🚀👩‍🚀👩‍🚀👩‍🚀",
  "Nguyễn".normalize("NFD").repeat(3),
  "短",
  "",
];

describe("a text that is cut", () => {
  test.each(NAMES)("never has more cells than it may, and no broken character: %j", (name) => {
    for (let cells = 0; cells <= 24; cells++) {
      const cut = cutToCells(name, cells);
      expect(Bun.stringWidth(cut)).toBeLessThanOrEqual(cells);
      expect(cut === name || cut === "" || name.startsWith(cut.slice(0, -1))).toBe(true);
      expect(cut.isWellFormed()).toBe(true);
    }
    expect(cutToCells("👩‍🚀👩‍🚀👩‍🚀", 4)).toBe("👩‍🚀…");
  });
});

describe("a table", () => {
  const columns: readonly TableColumn[] = [
    { title: "KEY", isWhole: true },
    { title: "NAME" },
    { title: "OWNER", isExtra: true },
    { title: "COUNT", isExtra: true },
  ];
  const rows = NAMES.map((text, index) => [
    { text: `key-${index}` },
    { text },
    { text: "somebody" },
    { text: String(10 ** index), isNumber: true },
  ]);
  const lay = (width?: number) => toTable(columns, rows, { ...plain, width });

  test("is whole where there is space, with numbers at the right", () => {
    const lines = lay();
    expect(lines).toEqual(lay(200));
    for (const name of NAMES) expect(lines.join("\n")).toContain(name);
    expect(new Set(lines.map((line) => Bun.stringWidth(line))).size).toBe(1);
  });

  test("never is wider than the terminal", () => {
    for (let width = 6; width < 60; width++)
      for (const line of lay(width)) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(width);
  });

  test("leaves extra columns out before it cuts what people copy", () => {
    expect(lay(32)[0]).toMatch(/^KEY +NAME +OWNER$/);
    expect(lay(20)[0]).toMatch(/^KEY +NAME$/);
    for (const [index] of NAMES.entries()) expect(lay(14)[index + 1]).toStartWith(`key-${index}  `.trimEnd());
  });
});
