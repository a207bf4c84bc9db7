import { expect, test } from "bun:test";
import { readDocument } from "#contract/reference/read-document.ts";

const text = { type: "string" };
const header = { name: "X-A", in: "header", required: false, description: "A", schema: text };
const inPath = { name: "id", in: "path", required: true, schema: text };
const errorOf = (description: string, ...codes: readonly string[]) => ({
  description,
  content: { "application/json": { examples: Object.fromEntries(codes.map((code) => [code, {}])) } },
});
const operationOf = (operationId: string, changes: object = {}) => ({
  operationId,
  ...{ tags: ["Things"], summary: "s", description: "d", parameters: [], responses: {}, "x-access": "public" },
  ...changes,
});
const aDocument = (paths: object) => ({
  tags: [
    { name: "Things", description: "All things" },
    { name: "Others", description: "None" },
  ],
  paths,
  components: {
    schemas: { Thing: text },
    parameters: { A: header },
    responses: {
      "Error500.INTERNAL": errorOf("Broken", "INTERNAL"),
      "Error409.B": errorOf("Not now", "B"),
      "OpenAiError409.B.A": errorOf("Another", "B", "A"),
    },
  },
});
const read = (paths: object) => readDocument(aDocument(paths) as never);

test("operations are grouped by their tags, with the routes of their aliases", () => {
  const { groups, headers, schemas } = read({
    "/v1/things": { get: operationOf("things.list"), post: operationOf("things.make") },
    "/things": { get: operationOf("things.list.alias", { "x-alias-of": "things.list" }) },
  });
  expect(groups.map(({ name, operations }) => [name, operations.length])).toEqual([
    ["Things", 2],
    ["Others", 0],
  ]);
  expect(groups[0]?.operations).toMatchObject([
    {
      name: "things.list",
      route: { method: "GET", path: "/v1/things" },
      aliases: [{ method: "GET", path: "/things" }],
    },
    { name: "things.make", route: { method: "POST" }, aliases: [] },
  ]);
  expect([headers, schemas]).toEqual([[header], { Thing: text }] as never);
});

test("parameters, bodies, answers and errors are those that an operation has or refers to", () => {
  const operation = operationOf("things.make", {
    parameters: [inPath, { $ref: "#/components/parameters/A" }],
    requestBody: { content: { "a/b": { schema: text, example: 1 } } },
    responses: {
      201: { description: "Made", content: { "application/json": { schema: text } } },
      204: { description: "Nothing" },
      409: { $ref: "#/components/responses/OpenAiError409.B.A" },
    },
  });
  expect(read({ "/v1/things": { post: operation } }).groups[0]?.operations[0]).toMatchObject({
    parameters: [{ ...inPath, description: "" }, header],
    body: { mediaType: "a/b", schema: text, example: 1 },
    answers: [
      { status: "201", description: "Made", contents: [{ mediaType: "application/json", schema: text }] },
      { status: "204", description: "Nothing", contents: [] },
    ],
    errors: [{ status: "409", codes: ["B", "A"] }],
  });
});

test("errors are listed by status, each code once", () => {
  expect(read({}).errors).toEqual([
    { status: "409", codes: ["A", "B"], meaning: "Not now" },
    { status: "500", codes: ["INTERNAL"], meaning: "Broken" },
  ]);
});

test("a reference to nothing is an error", () => {
  const operation = operationOf("things.get", { parameters: [{ $ref: "#/components/parameters/Missing" }] });
  expect(() => read({ "/v1/things": { get: operation } })).toThrow("nothing at #/components/parameters/Missing");
});
