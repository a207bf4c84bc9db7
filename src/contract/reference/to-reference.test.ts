import { describe, expect, test } from "bun:test";
import { z } from "zod";
import type { Exchange } from "#contract/reference/exchange.ts";
import { toReference } from "#contract/reference/to-reference.ts";
import { toOpenApi } from "#contract/to-openapi.ts";
import { ACCESS } from "#core/access/access.ts";
import { type AnyOperation, defineOperation } from "#core/operation.ts";

const anOperation = (overrides: Partial<AnyOperation>): AnyOperation =>
  defineOperation({
    name: "agents.try",
    http: { method: "POST", path: "/v1/things" },
    access: ACCESS.write,
    summary: "Try a thing",
    description: "What it does.",
    input: z.object({}),
    output: z.object({}),
    runsOnce: true,
    run: async () => ({}),
    ...overrides,
  });

const AN_EXCHANGE: Exchange = {
  method: "POST",
  path: "/v1/things",
  hasToken: true,
  headers: {},
  body: undefined,
  status: 200,
  mediaType: "application/json",
  text: "{}",
};

function render(operations: readonly AnyOperation[], exchange: Partial<Exchange> = {}) {
  const examples = new Map([["agents.try", { ...AN_EXCHANGE, ...exchange }]]);
  const pages = toReference(toOpenApi(operations, "1"), examples);
  const page = pages.get("agents.md") ?? "";
  return { page, index: pages.get("README.md") ?? "", row: (name: string) => cellsOf(page, name) };
}

/** Returns the cells of the row about a field, as a renderer splits them. */
const cellsOf = (page: string, name: string): readonly string[] => {
  const row = page.split("\n").find((line) => line.startsWith(`| \`${name}\``)) ?? "";
  return row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
};

/** Each of these has broken somebody's reference. */
describe("a page of the reference", () => {
  test("keeps a pattern with bars in one cell", () => {
    const { row } = render([anOperation({ input: z.object({ kind: z.string().regex(/^(a|b|c)$/) }) })]);
    expect(row("kind")).toEqual(["`kind`", "text, matching `^(a\\|b\\|c)$`", "required", ""]);
  });

  test("keeps a meaning with bars and line breaks in one cell", () => {
    const at = z.string().describe("hh:mm[+HH|-HH|Z]\nin any zone");
    const { row } = render([anOperation({ input: z.object({ at }) })]);
    expect(row("at")).toEqual(["`at`", "text", "required", "hh:mm[+HH\\|-HH\\|Z] in any zone"]);
  });

  test("shows angle brackets in prose instead of taking them for HTML", () => {
    const sort = z.string().describe("Give <field>,<asc/desc>, such as `<name>`");
    const { page, row } = render([anOperation({ description: "Sorts by <field>.", input: z.object({ sort }) })]);
    expect(row("sort").at(-1)).toBe("Give \\<field>,\\<asc/desc>, such as `<name>`");
    expect(page).toContain("\nSorts by \\<field>.\n");
  });

  test("has commands that a shell reads as the body that was sent", async () => {
    const value = { text: 'the user\'s $HOME `id` "message" \\ 数据', more: "x".repeat(100) };
    const { page } = render([anOperation({})], { body: { kind: "json", value } });
    const command = /```sh\n([\s\S]*?)\n```/.exec(page)?.[1] ?? "";
    // A function of this name takes the place of the program and prints what follows `-d`.
    const child = Bun.spawn([
      "sh",
      "-c",
      `curl() { while [ "$1" != -d ]; do shift; done; printf %s "$2"; }\n${command}`,
    ]);
    expect(JSON.parse(await child.stdout.text())).toEqual(value);
  });

  test("describes a schema that contains itself once", () => {
    const Tree = z
      .object({
        name: z.string(),
        get children() {
          return z.array(Tree);
        },
      })
      .meta({ id: "Tree" });
    const { page, row } = render([anOperation({ output: Tree })]);
    expect(page.match(/^### Tree$/gm)).toHaveLength(1);
    expect(row("children")).toEqual(["`children`", "list of [Tree](#tree)", "always", ""]);
  });

  test("says what may be null in an answer, and what is always there", () => {
    const output = z.object({ traffic: z.int().min(0).nullable(), note: z.string().optional() });
    const { row } = render([anOperation({ output })]);
    expect(row("traffic").slice(1, 3)).toEqual(["integer, at least 0; or null", "always"]);
    expect(row("note").slice(1, 3)).toEqual(["text", ""]);
  });

  test("marks exactly the fields that a request needs", () => {
    const input = z.object({ a: z.string(), b: z.string().nullish(), c: z.int().default(3) });
    const { row } = render([anOperation({ input })]);
    expect(["a", "b", "c"].map((name) => row(name).slice(1))).toEqual([
      ["text", "required", ""],
      ["text", "", ""],
      ["integer", "", "default: `3`"],
    ]);
  });

  test("is led to by links that tell equal headings apart", () => {
    const twice = ["/v1/a", "/v1/b"].map((path, index) =>
      anOperation({ name: `agents.try-${index}`, http: { method: "POST", path: path as `/${string}` } }),
    );
    const { index } = render([
      ...twice,
      anOperation({ name: "agents.own", summary: "Agents", http: { method: "POST", path: "/v1/c" } }),
    ]);
    expect([...index.matchAll(/agents\.md#([\w-]+)/g)].map(([, anchor]) => anchor)).toEqual([
      "try-a-thing",
      "try-a-thing-1",
      "agents-1",
    ]);
  });

  test("shows an answer that has blocks of code of its own whole", () => {
    const text = "# Title\n```js\n1\n```\nend";
    const { page } = render([anOperation({})], { mediaType: "text/markdown", text });
    expect(page).toContain(`\n\`\`\`\`\n${text}\n\`\`\`\`\n`);
  });

  test("cuts long answers, and what remains is JSON", () => {
    const text = JSON.stringify({
      items: [{ id: 1 }, { id: 2 }, { id: 3 }],
      names: ["a", "b"],
      long: "🦊".repeat(500),
    });
    const { page } = render([anOperation({})], { text });
    const shown = JSON.parse(/```json\n([\s\S]*?)\n```/.exec(page)?.[1] ?? "");
    expect(shown).toEqual({ items: [{ id: 1 }, "… 2 more"], names: ["a", "b"], long: `${"🦊".repeat(160)}…` });
  });
});
