import { describe, expect, test } from "bun:test";
import { catalogs, type MessageKey, negotiateLocale, translate } from "#base/i18n/translate.ts";

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
const keys = Object.keys(catalogs.en) as MessageKey[];

describe("the messages", () => {
  test.each(["vi", "zh"] as const)("have the same parameters in %s as in English, and are translated", (locale) => {
    const wrong = keys.filter(
      (key) => String(placeholders(catalogs[locale][key])) !== String(placeholders(catalogs.en[key])),
    );
    expect(wrong).toEqual([]);
    // Such a message holds only words of others.
    const hasWords = (text: string) => text.replaceAll(/\{\w+\}/g, "").trim() !== "";
    const same = keys.filter((key) => catalogs[locale][key] === catalogs.en[key] && hasWords(catalogs.en[key]));
    expect(same).toEqual([]);
  });

  test("parameters are inserted verbatim", () => {
    expect(translate("en", "error.not_found", { entity: "agent", id: "{entity}" })).toBe("agent not found: {entity}");
  });
});

describe("the language of a response", () => {
  test.each([
    [undefined, "en"],
    ["fr", "en"],
    ["vi-VN,vi;q=0.9", "vi"],
    ["en;q=0.5, zh-CN;q=0.9", "zh"],
    ["fr, zh;q=0", "en"],
    ["vi, zh", "vi"],
    ["zh;q=1, vi", "zh"],
    ["vi;q=0.9, zh", "zh"],
    ["en-GB, vi", "en"],
    [";;;,=,q=", "en"],
    ["vi;q=x, zh;q=0.1", "zh"],
  ])("%p means %s", (header, locale) => {
    expect(negotiateLocale(header)).toBe(locale as "en");
  });

  test("only the start of an overlong header is read", () => {
    expect(negotiateLocale(`${"a,".repeat(50_000)}vi`)).toBe("en");
  });
});
