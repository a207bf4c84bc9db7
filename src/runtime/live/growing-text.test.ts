import { expect, test } from "bun:test";
import fc from "fast-check";
import { GrowingText } from "#runtime/live/growing-text.ts";

test("reading from any offset returns the same text as slicing the whole", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.nat(40), (pieces, offset) => {
      const text = new GrowingText();
      for (const piece of pieces) text.append(piece);
      const whole = pieces.join("");
      expect(text.length).toBe(whole.length);
      expect(text.from(offset)).toBe(whole.slice(offset));
    }),
  );
});
