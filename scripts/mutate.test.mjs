import { describe, expect, test } from "bun:test";
import { createRandom, divide, findPlaces, shuffle, spread } from "./find-mutants.mjs";
import { createTestFinder } from "./find-tests.mjs";

const labelsIn = (source) => findPlaces(source).map(({ variants }) => variants.map(({ label }) => label).join(" or "));

/** Every source that one change makes. */
const mutantsOf = (source) =>
  findPlaces(source).flatMap(({ start, end, variants }) =>
    variants.map(({ text }) => source.slice(0, start) + text + source.slice(end)),
  );

describe("a source is changed", () => {
  test("in its conditions", () => {
    expect(mutantsOf("if (a === b && c < d) stop();")).toEqual([
      "if (!(a === b && c < d)) stop();",
      "if (a !== b && c < d) stop();",
      "if (a === b || c < d) stop();",
      "if (a === b && c <= d) stop();",
    ]);
  });

  test("by the negation of a condition, unless another operator says the same", () => {
    expect(mutantsOf("if (done) stop();")).toEqual(["if (!(done)) stop();"]);
    expect(mutantsOf("if (a === b) stop();")).toEqual(["if (a !== b) stop();"]);
  });

  test("in its numbers, but not in times and cache sizes", () => {
    expect(mutantsOf("cut(text, 1_000);")).toEqual(["cut(text, 1001);", "cut(text, 999);", "cut(text, 2000);"]);
    expect(mutantsOf("wait(3 * SECOND); const known = new LRUCache<string, URL>({ max: 500 });")).toEqual([]);
  });

  test("in what it returns", () => {
    expect(mutantsOf("return true;")).toEqual(["return false;"]);
    expect(mutantsOf("const isOpen = () => known.has(name);")).toEqual(["const isOpen = () => !(known.has(name));"]);
    expect(mutantsOf("call((part) => part.name, more);")).toEqual([
      "call((part) => undefined, more);",
      'call((part) => "", more);',
      "call((part) => [], more);",
    ]);
  });
});

describe("nothing is changed", () => {
  test.each([
    "// if (a === b) return 1;",
    "/* a && b */",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of a template.
    "say(\"a === b\", '5 < 6', `7 && ${name}`);",
    'const SHAPE = /a && [/"`] 5 < 6/g;',
    'import { a } from "#base/a.ts";',
    "type Small = 1 | 2;",
    "export interface Sizes {\n  readonly of: (list: Map<string, 3>) => 4;\n}",
    "names.sort(([a], [b]) => {\n  order = a < b ? -1 : 1;\n});",
  ])("in %s", (source) => {
    expect(labelsIn(source)).toEqual([]);
  });
});

test("code inside a template is changed, and lines are counted through texts", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of a template.
  const source = "say(`one\n${list.map((a) => `${a === b}`)}\nfour`);\nif (done) stop();";
  expect(findPlaces(source).map(({ line }) => line)).toEqual([2, 2, 4]);
});

describe("the choice", () => {
  const files = ["a", "b", "c"].map((name) => Array.from({ length: 9 }, (_, index) => `${name}${index}`));

  test("depends on the seed alone", () => {
    const choose = (seed) => spread(files, createRandom(seed)).join();
    expect(choose("1")).toBe(choose("1"));
    expect(choose("1")).not.toBe(choose("2"));
    expect(shuffle([1, 2, 3, 4, 5], createRandom("1")).sort()).toEqual([1, 2, 3, 4, 5]);
  });

  test("takes one place of every file before a second one of any", () => {
    const first = spread(files, createRandom("1")).slice(0, 3);
    expect(first.map(([name]) => name).sort()).toEqual(["a", "b", "c"]);
  });

  test("gives folders their part by size, and at least eight if there are enough", () => {
    expect(divide(60, [1_400, 1_400, 1_100, 700])).toEqual([18, 18, 15, 9]);
    expect(divide(60, [9_000, 400, 300, 300])).toEqual([36, 8, 8, 8]);
    expect(divide(10, [1, 1, 1])).toEqual([4, 3, 3]);
  });
});

test("tests are found beside a file, through one step and in the table, and no test twice", () => {
  const [near, step, wider] = createTestFinder()("src/base/secret-box.ts");
  expect(near).toContain("src/base/secret-box.test.ts");
  expect(step).toContain("src/base/egress/redirect.test.ts");
  expect(wider).toContain("src/transport/http/authentication.test.ts");
  const all = [...near, ...step, ...wider];
  expect(new Set(all).size).toBe(all.length);
  expect(all).not.toContain("src/runtime/kill.test.ts");
});
