import { describe, expect, test } from "bun:test";
import { sql } from "kysely";
import { containsText } from "#db/expressions/contains-text.ts";
import { openForExpressions } from "#testing/expression-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("a text that is contained on %s", async (dialect) => {
  const { matching } = await openForExpressions(dialect);
  const found = (values: readonly (string | null)[], text: string) =>
    matching(values, containsText(dialect, sql.ref("value"), text));

  test.each<[text: string, value: string]>([
    ["report", "Weekly REPORT"],
    ["REPORT", "weekly report"],
    ["Phở Bò", "một tô Phở Bò nóng"],
    ["PHỞ BÒ", "Một TÔ phở bò"],
    ["ĐÀ NẴNG", "ĐÀ NẴNG"],
    ["STRAßE", "Straße"],
    ["ΟΔΟΣ", "Η ΟΔΟΣ"],
    ["οδος", "μεγάλη οδος"],
    ["ΜΑΣ", "μασάζ"],
    ["ΟΔΟΣ", "μεγάλη οδος"],
    ["МОСКВА", "москва"],
    ["50%", "50% off"],
    ["🦊 fox", "A 🦊 FOX"],
  ])("%s is in %s", async (text, value) => {
    expect(await found([value], text)).toEqual([value]);
  });

  test("other texts hold none of it, and nothing is a wildcard", async () => {
    const values = ["Weekly report", "cà phê", "strasse", "москва", "", null];
    for (const text of ["week_y", "w%t", "*", "ca phe", "straße", "мосвка", "weekly  report"]) {
      expect([text, await found(values, text)]).toEqual([text, []]);
    }
  });
});
