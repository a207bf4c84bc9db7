import { expect, test } from "bun:test";
import { z } from "zod";
import { HEADER_PARAMETERS, toParameters } from "#contract/to-parameters.ts";
import { ACCESS } from "#core/access/access.ts";
import { type AnyOperation, type HttpRoute, isHttpOperation } from "#core/operation.ts";

const route: HttpRoute = { method: "GET", path: "/v1/things/{id}" };

function allParametersOf(input: z.ZodObject, changes: Partial<AnyOperation> = {}) {
  const operation: AnyOperation = {
    name: "agents.things.get",
    http: route,
    access: ACCESS.read,
    summary: "Get a thing",
    description: "For tests.",
    input,
    output: z.object({}),
    errors: [],
    run: async () => ({}),
    ...changes,
  };
  if (!isHttpOperation(operation)) throw new Error("the operation has no route");
  return toParameters(operation, route, z.toJSONSchema(input) as never);
}

const parametersOf = (input: z.ZodObject, changes?: Partial<AnyOperation>) =>
  allParametersOf(input, changes).filter(({ name }) => name !== undefined);

const headersOf = (changes: Partial<AnyOperation>, input = z.object({})) =>
  allParametersOf(input, changes).flatMap(
    ({ $ref }) =>
      String($ref ?? "")
        .split("/")
        .at(-1) || [],
  );

test("a parameter has its place, its description and its schema, and is required in a path", () => {
  const input = z.object({
    id: z.string().describe("The id of the thing."),
    size: z.int().min(1).max(9).optional().describe("The size."),
    plain: z.boolean(),
  });
  expect(parametersOf(input)).toEqual([
    { name: "id", in: "path", description: "The id of the thing.", required: true, schema: { type: "string" } },
    {
      name: "size",
      in: "query",
      description: "The size.",
      required: false,
      schema: { type: "integer", minimum: 1, maximum: 9 },
    },
    { name: "plain", in: "query", required: true, schema: { type: "boolean" } },
  ]);
});

test("a parameter of the path is required even if the input may do without it", () => {
  expect(parametersOf(z.object({ id: z.string().optional() }))).toMatchObject([{ name: "id", required: true }]);
});

test("an idempotency key is no empty text", () => {
  expect(HEADER_PARAMETERS.IdempotencyKey).toMatchObject({ schema: { minLength: 1, maxLength: 255 } });
});

test("a parameter has the example of its operation", () => {
  const input = z.object({ id: z.string(), size: z.int(), other: z.int() });
  const examples = parametersOf(input, { example: { input: { id: "t1", size: 0 } } });
  expect(examples.map((parameter) => ("example" in parameter ? parameter.example : "none"))).toEqual(["t1", 0, "none"]);
});

test.each<[string, Partial<AnyOperation>, readonly string[]]>([
  ["is public", { access: "public" }, []],
  ["is public, in the style of OpenAI", { access: "public", errorStyle: "openai" }, []],
  ["is guarded", {}, ["UserId", "TenantId"]],
  ["is guarded, in the style of OpenAI", { errorStyle: "openai" }, ["UserId", "TenantId"]],
  ["starts a run", { access: ACCESS.run }, ["UserId", "TenantId", "AgentId", "SessionKey"]],
  [
    "starts a run in the style of OpenAI, once",
    { access: ACCESS.run, errorStyle: "openai", runsOnce: true },
    ["UserId", "TenantId", "AgentId", "SessionKey", "Events", "IdempotencyKey"],
  ],
  ["runs once", { runsOnce: true }, ["UserId", "TenantId", "IdempotencyKey"]],
])("an operation that %s reads the headers that it needs", (_, changes, headers) => {
  expect(headersOf(changes)).toEqual([...headers, "AcceptLanguage", "RequestId"]);
});

test("an operation whose input names an agent reads it from a header as well, unless it is public", () => {
  const input = z.object({ agent_id: z.string().optional() });
  expect(headersOf({}, input)).toContain("AgentId");
  expect(headersOf({ access: "public" }, input)).not.toContain("AgentId");
});

test("no header is required", () => {
  for (const header of Object.values(HEADER_PARAMETERS))
    expect(header).toMatchObject({ in: "header", required: false });
});
