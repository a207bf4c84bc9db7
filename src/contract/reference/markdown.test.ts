import { expect, test } from "bun:test";
import { toAnchors } from "#contract/reference/to-anchors.ts";
import { toAnswerBlock } from "#contract/reference/to-answer-block.ts";
import { toObjectSections } from "#contract/reference/to-object-sections.ts";
import { toCell, toProse } from "#contract/reference/to-prose.ts";

test("headings have the anchors that renderers give them, and equal ones are told apart", () => {
  expect(toAnchors(["Get a thing", "GET /v1/x", "Get a thing", "Get a thing", "Số 1_a-b"])).toEqual([
    ...["get-a-thing", "get-v1x", "get-a-thing-1", "get-a-thing-2", "số-1_a-b"],
  ]);
});

test("prose has no HTML outside its code, and a cell is one line without bars", () => {
  expect(toProse("a <b> `<c>` ``<`d>`` <e>")).toBe("a \\<b> `<c>` ``<`d>`` \\<e>");
  expect(toCell("a | b\n  <c>")).toBe("a \\| b \\<c>");
});

const block = (mediaType: string, text: string) =>
  toAnswerBlock({
    method: "GET",
    path: "/",
    hasToken: false,
    headers: {},
    status: 200,
    mediaType,
    text,
    body: undefined,
  });
const json = (value: unknown) => block("application/json", JSON.stringify(value));

test("an answer is shown by its type", () => {
  expect(block("application/json", "")).toBe("The answer has no body.");
  expect(json({ a: 1 })).toBe('```json\n{\n  "a": 1\n}\n```');
  expect(block("text/plain", "a\nb\n")).toBe("```\na\nb\n```");
  expect(block("text/event-stream", "data: 1\n\n")).toBe("```\ndata: 1\n```");
  expect(block("image/png", "x")).toBe("The answer is a file of the type `image/png`.");
});

test("long lists, texts and answers are cut at their limits", () => {
  expect(json([1, 2, 3])).toBe("```json\n[1, 2, 3]\n```");
  expect(json([1, 2, 3, 4, 5])).toBe('```json\n[1, 2, 3, "… 2 more"]\n```');
  expect(json([{ a: 1 }])).not.toContain("more");
  expect(json([{ a: 1 }, { a: 2 }])).toContain('"… 1 more"');
  const [fits, over] = ["é".repeat(160), "é".repeat(161)];
  expect(block("text/plain", fits)).toBe(`\`\`\`\n${fits}\n\`\`\``);
  expect(block("text/plain", over)).toBe(`\`\`\`\n${fits}…\n\`\`\``);
  const lines = (count: number) => Array.from({ length: count }, (_, index) => `${index}`).join("\n");
  expect(block("text/plain", lines(20))).toBe(`\`\`\`\n${lines(20)}\n\`\`\``);
  expect(block("text/plain", lines(21))).toBe(`\`\`\`\n${lines(20)}\n…\n\`\`\``);
  const wide = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]));
  expect(json(wide(78)).split("\n")).toHaveLength(82);
  expect(json(wide(79)).split("\n").at(-2)).toBe("…");
});

test("a block is fenced by more backticks than it has", () => {
  expect(block("text/plain", "``` a ````")).toStartWith("`````\n");
});

test("each named schema that others lead to has one section, by name", () => {
  const refer = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  const schemas = {
    B: { description: "Has <b>.", properties: { a: refer("A"), self: refer("B") } },
    A: { type: "string" },
    Unused: { type: "string" },
  };
  expect(toObjectSections([{ type: "array", items: refer("B") }, refer("Missing")], schemas)).toEqual([
    "### A\n\nText.",
    expect.stringMatching(/^### B\n\nHas \\<b>\.\n\n\| name [\s\S]*\| `self` \| \[B\]\(#b\) \|/),
    "### Missing\n\nAny JSON.",
  ]);
  expect(toObjectSections([{ anyOf: [refer("A"), { type: "null" }] }], schemas)).toHaveLength(1);
});
