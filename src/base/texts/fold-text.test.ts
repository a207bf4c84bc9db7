import { describe, expect, test } from "bun:test";
import { foldLetters, foldText, isUnspaced } from "#base/texts/fold-text.ts";

describe("words for searching", () => {
  test.each([
    ["Báo cáo Đặc biệt", "bao cao dac biet"],
    ["Ca\u0301 phe\u0302", "ca phe"],
    ["ŁÓDŹ, Straße, ﬁne", "lodz strasse fine"],
    ["ПриВЕТ мир", "при вет мир"],
    ["htmlToPdf2Text", "html to pdf2 text"],
    ["read_file.test-case", "read file test case"],
    ["数据汇总", "数据 据汇 汇总"],
    ["一", "一"],
    ["PDF转换 tool", "pdf 转换 tool"],
    ["レシピ検索", "レシ シピ ピ検 検索"],
    ["हिन्दी भाषा", "हिन्दी भाषा"],
    ["한국어", "한국 국어"],
    ["🦊 !?", ""],
    ["", ""],
  ])("of %p are %p", (text, words) => {
    expect(foldText(text)).toBe(words);
  });
});

test.each([
  ["Báo CÁO Đặc biệt", "bao cao dac biet"],
  ["ŁÓDŹ, Straße", "lodz, strasse"],
  ["İstanbul", "istanbul"],
  ["ΟΔΟΣ οδός", "οδοσ οδοσ"],
  ["read_file.TEST", "read_file.test"],
  ["हिन्दी 数据 한국어", "हिन्दी 数据 한국어"],
])("the letters of %p are %p without case and accents", (text, folded) => {
  expect(foldLetters(text)).toBe(folded.normalize("NFC"));
});

test.each([
  ["数据", true],
  ["한국어", true],
  ["ไทย", true],
  ["tea", false],
  ["数a", false],
  ["", false],
])("%p has no spaces between words: %p", (word, expected) => {
  expect(isUnspaced(word)).toBe(expected);
});
