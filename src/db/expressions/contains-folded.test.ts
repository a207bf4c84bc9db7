import { describe, expect, test } from "bun:test";
import { sql } from "kysely";
import { containsFolded } from "#db/expressions/contains-folded.ts";
import { openForExpressions } from "#testing/expression-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const NAMES = ["Đặng Văn Ánh", "Straße", "STRASSE", "Οδυσσέας", "Ёлкин", "a*b?c[d]e", "100%_.^$(|)\\{1}+", "", null];

describe.each([...testDialects()])("a name that contains a text in any case and accents, on %s", async (dialect) => {
  const { matching } = await openForExpressions(dialect);
  const found = (values: readonly (string | null)[], text: string) =>
    matching(values, containsFolded(dialect, [sql.ref("value")], text));

  test.each<[text: string, names: readonly string[]]>([
    ["dang van anh", ["Đặng Văn Ánh"]],
    ["ĐẶNG VĂN", ["Đặng Văn Ánh"]],
    ["ạng v", ["Đặng Văn Ánh"]],
    ["Ánh".normalize("NFD"), ["Đặng Văn Ánh"]],
    ["vanh", []],
    ["straße", ["Straße"]],
    ["strasse", ["STRASSE"]],
    ["STRAS", ["STRASSE"]],
    ["ΟΔΥΣΣΕΑΣ", ["Οδυσσέας"]],
    ["οδυς", ["Οδυσσέας"]],
    ["еЛКИН", ["Ёлкин"]],
    ["ёлк", ["Ёлкин"]],
  ])("%s", async (text, names) => {
    expect(await found(NAMES, text)).toEqual([...names]);
  });

  test.each([..."*?[]%_.^$(|)\\{}+"])("%s is no wildcard", async (sign) => {
    const withSign = NAMES.filter((name) => name?.includes(sign));
    expect(await found(NAMES, sign)).toEqual(withSign);
    expect(await found(["abc", "a", "b"], `a${sign}`)).toEqual([]);
  });

  // The first and the last letter of each block of letters, by the plain letter that stands for them.
  test.each([
    ["a", "A"],
    ["s", "ſ"],
    ["o", "Ơ"],
    ["u", "ư"],
    ["s", "Ș"],
    ["t", "ț"],
    ["α", "Ά"],
    ["ω", "ώ"],
    ["е", "Ѐ"],
    ["a", "Ạ"],
    ["y", "ỹ"],
    ["џ", "Џ"],
    ["ґ", "Ґ"],
    ["i", "İ"],
  ])("%s stands for %s, and each of them for itself", async (plain, letter) => {
    expect(await found([letter, "-"], plain)).toEqual([letter]);
    expect(await found([letter, "-"], letter)).toEqual([letter]);
    expect(await found([plain, "-"], letter)).toEqual([plain]);
  });

  test("letters that become two are sought as they are", async () => {
    expect(await found(["s", "ss", "S", "ß"], "ß")).toEqual(["ß"]);
  });

  test.each(["hǎo a", "ẞß", "ßẞ", "Ａa", "aⓐ", "x²2", "🦊🍜", "กำลัง", "日本語", "a b\tc\nd"])(
    "%j contains itself and each of its parts",
    async (name) => {
      const letters = [...name];
      for (let start = 0; start < letters.length; start++) {
        const part = letters.slice(start).join("");
        expect([part, await found([name, "-"], part)]).toEqual([part, [name]]);
      }
    },
  );

  test("every name contains the empty text", async () => {
    expect(await found(["a", "", null], "")).toEqual(["a", ""]);
  });

  test("one of several values is enough", async () => {
    const either = (text: string) =>
      matching(["Ánh", "bob", null], containsFolded(dialect, [sql.ref("value"), sql`'key'`], text));
    expect([await either("anh"), await either("KÉY"), await either("eve")]).toEqual([
      ["Ánh"],
      ["Ánh", "bob", null],
      [],
    ]);
  });
});
