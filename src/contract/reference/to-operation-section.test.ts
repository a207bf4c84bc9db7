import { expect, test } from "bun:test";
import type { ApiOperation } from "#contract/reference/api-document.ts";
import { toOperationSection } from "#contract/reference/to-operation-section.ts";

const text = { type: "string" };
const parameter = { required: false, description: "A thing", schema: text };
const THING = { type: "object", required: ["id"], properties: { id: text } };

const anOperation = (changes: Partial<ApiOperation> = {}): ApiOperation => ({
  name: "things.get",
  route: { method: "GET", path: "/v1/things" },
  aliases: [],
  summary: "Get a thing",
  description: "It <works>.",
  access: "public",
  parameters: [],
  body: undefined,
  answers: [],
  errors: [],
  ...changes,
});

const partsOf = (changes?: Partial<ApiOperation>) =>
  toOperationSection(anOperation(changes), { Thing: THING }, undefined).split("\n\n");

test("a public operation without anything has its name, its route and its callers", () => {
  expect(partsOf({ aliases: [{ method: "GET", path: "/things" }] })).toEqual([
    ...["## Get a thing", "`GET /v1/things`, also `GET /things`", "It \\<works>."],
    ...["**Callers**: everyone, without a token. **Operation**: `things.get`", "**Headers**: ", "**Errors**: "],
  ]);
});

test.each([
  ["viewer", "read", "scoped", "everyone with a token of the tenant; API keys need the scope `read`"],
  ["admin", "admin", "master", "administrators, in the tenant `master` only; API keys need the scope `admin`"],
  ["owner", "admin", "system", "owners of the gateway, for all tenants; API keys need the scope `admin`"],
  ["other", "read", "scoped", "other; API keys need the scope `read`"],
])("the callers of the role %s with the scope %s in %s tenants are told", (role, scope, tenant, callers) => {
  expect(partsOf({ access: { role, scope, tenant } })[3]).toBe(
    `**Callers**: ${callers}. **Operation**: \`things.get\``,
  );
});

test("parameters stand where they belong", () => {
  const parameters = (["path", "query", "header"] as const).map((place) => ({ ...parameter, name: place, in: place }));
  const parts = partsOf({ parameters });
  const table = (name: string) => expect.stringContaining(`|--|--|--|--|\n| \`${name}\` | text |  | A thing |`);
  expect(parts.slice(4, -1)).toEqual(["**Path**", table("path"), "**Query**", table("query"), "**Headers**: `header`"]);
});

test.each([
  [
    "by name",
    { $ref: "#/components/schemas/Thing" },
    ["**Body** (`a/b`)", expect.stringContaining("| `id` | text | required |")],
  ],
  ["inline", THING, ["**Body** (`a/b`)", expect.stringContaining("| `id` | text | required |")]],
  ["without fields", { type: "string", format: "binary" }, ["**Body** (`a/b`): file."]],
])("a body is described %s", (_, schema, expected) => {
  const body = { mediaType: "a/b", schema, example: undefined };
  expect(partsOf({ body }).slice(4, -2)).toEqual(expected);
});

test("an answer says its forms, its note and its fields", () => {
  const content = (mediaType: string, schema: object) => ({ mediaType, schema: schema as never, example: undefined });
  const answersOf = (description: string, ...contents: readonly ReturnType<typeof content>[]) =>
    partsOf({ answers: [{ status: "200", description, contents }] }).slice(5, -1);
  expect(answersOf("Success", content("application/json", text))).toEqual(["**Answer 200**: text"]);
  expect(answersOf("Success. More", content("image/png", {}))).toEqual(["**Answer 200**: bytes as `image/png`. More"]);
  expect(answersOf("Made", content("application/json", text), content("a/b", text))).toEqual([
    "**Answer 200**: text, or text as `a/b`. Made",
  ]);
  expect(answersOf("Success", content("application/json", THING))).toEqual([
    "**Answer 200**: object",
    expect.stringContaining("| `id` | text | always |"),
  ]);
});

test("errors have their codes, and an example has its command and its answer", () => {
  const errors = [
    { status: "409", codes: ["A", "B"] },
    { status: "500", codes: ["C"] },
  ];
  expect(partsOf({ errors }).at(-1)).toBe("**Errors**: 409 `A` `B`, 500 `C`");
  const exchange = { method: "GET", path: "/v1/things", hasToken: false, headers: {}, body: undefined };
  const example = { ...exchange, status: 200, mediaType: "text/plain", text: "hi" };
  expect(toOperationSection(anOperation(), {}, example)).toEndWith(
    '**Example**\n\n```sh\ncurl "$GOCLAW/v1/things"\n```\n\nIt answers 200:\n\n```\nhi\n```',
  );
});
