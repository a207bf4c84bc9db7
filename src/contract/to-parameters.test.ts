import { expect, test } from "bun:test";
import { z } from "zod";
import { HEADER_PARAMETERS, toParameters } from "#contract/to-parameters.ts";
import { ACCESS } from "#core/access/access.ts";
import { type AnyOperation, type HttpRoute, isHttpOperation } from "#core/operation.ts";

const route: HttpRoute = { method: "GET", path: "/v1/things/{id}" };

function parametersOf(input: z.ZodObject) {
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
  };
  if (!isHttpOperation(operation)) throw new Error("the operation has no route");
  return toParameters(operation, route, z.toJSONSchema(input) as never).filter(({ name }) => name !== undefined);
}

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
