import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { headOf, piecesOf, tailOf, withoutMiddle } from "#base/texts/cut-text.ts";

describe("cutting text", () => {
  test("never splits a surrogate pair", () => {
    expect(headOf("a😀b", 2)).toBe("a");
    expect(headOf("a😀b", 3)).toBe("a😀");
    expect(tailOf("a😀b", 2)).toBe("b");
    expect(tailOf("a😀b", 3)).toBe("😀b");
  });

  test.each(["\u{10000}", "\u{103ff}", "\u{10fc00}", "\u{10ffff}"])(
    "leaves %j whole, at the edge of its range",
    (pair) => {
      expect([headOf(pair, 1), tailOf(pair, 1)]).toEqual(["", ""]);
    },
  );

  test("takes the neighbours of halves for whole characters", () => {
    for (const text of ["\ud7ff\udc00", "\ue000\udc00", "\ud800\udbff", "\ud800\ue000"]) {
      expect([headOf(text, 1), tailOf(text, 1)]).toEqual([text.charAt(0), text.charAt(1)]);
    }
  });

  test("returns the requested length or one less, and only whole characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat({ max: 20 }), (text, length) => {
        for (const [part, isEnd] of [
          [headOf(text, length), text.startsWith(headOf(text, length))],
          [tailOf(text, length), text.endsWith(tailOf(text, length))],
        ] as const) {
          expect(isEnd).toBe(true);
          expect(part.length).toBeLessThanOrEqual(length);
          expect(part.length).toBeGreaterThanOrEqual(Math.min(length, text.length) - 1);
          expect(part.isWellFormed()).toBe(true);
        }
      }),
    );
  });
});

test("the pieces of a text are the text, and only whole characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 2, max: 9 }), (text, length) => {
      const pieces = [...piecesOf(text, length)];
      expect(pieces.join("")).toBe(text);
      for (const [index, piece] of pieces.entries()) {
        expect(piece.isWellFormed()).toBe(true);
        expect(piece.length).toBeLessThanOrEqual(length);
        expect(piece.length >= length - 1 || index === pieces.length - 1).toBe(true);
      }
    }),
  );
});

test.each([
  [["abc", "def"], 6, ["abc", "def"]],
  [["abc", "def", "ghi"], 7, ["abc", "…", "ghi"]],
  [["abc", "def", "ghi"], 8, ["abc", "…", "ghi"]],
  [["ab", "c", "d", "ef"], 5, ["ab", "…", "ef"]],
  [["abcdefgh"], 5, ["ab", "…", "gh"]],
  [["abc"], 1, ["…"]],
  [["abc"], 0, ["…"]],
  [["", "a😀", "😀b"], 5, ["", "a", "…", "b"]],
])("%j without its middle, in %i code units, is %j", (texts, chars, left) => {
  expect(withoutMiddle(texts, chars, "…")).toEqual(left);
});
