import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import JSON5 from "json5";
import { configTemplate } from "#app/config/config-template.ts";
import { editText } from "#app/config/file/edit-text.ts";

const edit = (text: string, after: Record<string, unknown>) => editText(text, JSON5.parse(text), after);

test.each<[string, Record<string, unknown>, string]>([
  ["{}", { a: 1 }, "{ a: 1, }"],
  ["{ a: 1 }", { a: 1, b: [2] }, "{ a: 1, b: [\n    2,\n  ], }"],
  ["/* why */{a:''}", { a: 1, b: 2 }, "/* why */{a:1, b: 2, }"],
  ["{ a: 1, /* why */ b: 2 }", { a: 3, b: 2 }, "{ a: 3, /* why */ b: 2 }"],
  ["{ a: 1, b: 2 } // end", { a: 1 }, "{ a: 1,  } // end"],
  ["{ 'a': { \"b\": '}' } }", { a: { b: "]" } }, '{ \'a\': { "b": "]" } }'],
  [
    "// a\n{\n  a: {\n    b: 1 // b\n  }\n}\n",
    { a: { b: 1, c: 2 } },
    "// a\n{\n  a: {\n    b: 1, // b\n    c: 2,\n  }\n}\n",
  ],
  ["\uFEFF{\n  a: 1,\n}", { a: 1, "ć 🦊": null }, '\uFEFF{\n  a: 1,\n  "ć 🦊": null,\n}'],
])("%j becomes the text of %j and keeps its comments", (text, after, expected) => {
  expect(edit(text, after)).toBe(expected);
});

test("a text that has a key twice is written anew", () => {
  expect(JSON5.parse(edit("{ a: 1, /* why */ a: 2 }", { a: 1 }))).toEqual({ a: 1 });
});

test("a text of which nothing changes stays as it is", () => {
  const text = "{\n // mine\n a: [1, /* two */ 2], 'b': {c: +1e3,},\n}";
  expect(edit(text, { a: [1, 2], b: { c: 1_000 } })).toBe(text);
});

test("the file of a new home keeps what explains its keys", () => {
  const text = edit(configTemplate(), { ...JSON5.parse(configTemplate()), gateway: { port: 4 } });
  expect(text.replace("    port: 4,\n", "")).toBe(configTemplate());
});

describe("any content", () => {
  // Some keys are in both contents.
  const key = fc.oneof(fc.constantFrom("a", "b", "c"), fc.string({ unit: "grapheme", minLength: 1, maxLength: 3 }));
  const value = fc.letrec((tie) => ({
    any: fc.oneof(fc.string({ unit: "binary" }), fc.integer(), fc.constant(null), tie("list"), tie("object")),
    list: fc.array(tie("any"), { maxLength: 3 }),
    object: fc.dictionary(key, tie("any"), { maxKeys: 4, noNullPrototype: true }),
  }));
  const contents = value.object as fc.Arbitrary<Record<string, unknown>>;

  test("becomes any other, and what stands before it stays", () => {
    const layout = fc.constantFrom("", "  ");
    fc.assert(
      fc.property(contents, contents, layout, (before, after, space) => {
        const text = `// kept\n${JSON5.stringify(before, { space })}`;
        const edited = editText(text, JSON5.parse(text), after);
        expect(edited).toStartWith("// kept\n");
        expect(JSON5.parse(edited)).toEqual(after);
      }),
      { numRuns: 500 },
    );
  });
});
