import { expect, test } from "bun:test";
import fc from "fast-check";
import { OutputCollector } from "#processes/output-collector.ts";

const MARK = /\n\[… (\d+) characters left out; write long output to a file …\]\n/;

test("the beginning and the end of the output are kept in whole characters, for any division into pieces", () => {
  const character = fc.constantFrom("a", "b", "\n", "😀");
  const pieces = fc.array(
    fc.array(character, { maxLength: 12 }).map((characters) => characters.join("")),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(pieces, (all) => {
      const collector = new OutputCollector(20);
      for (const piece of all) collector.add(piece);
      const whole = all.join("");
      const [head = "", omitted, tail = ""] = collector.text.split(MARK);
      expect(collector.text.isWellFormed()).toBe(true);
      if (omitted === undefined) expect(head).toBe(whole);
      else {
        expect([whole.startsWith(head), whole.endsWith(tail)]).toEqual([true, true]);
        expect(head.length + Number(omitted) + tail.length).toBe(whole.length);
        expect(head.length + tail.length).toBeLessThanOrEqual(20);
      }
    }),
    { numRuns: 1_000 },
  );
});
