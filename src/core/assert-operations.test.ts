import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { assertOperations } from "#core/assert-operations.ts";
import type { AnyOperation } from "#core/operation.ts";

const anOperation = (changes: Partial<AnyOperation>): AnyOperation => ({
  name: "things.get",
  http: { method: "GET", path: "/v1/things/{id}" },
  access: { role: "viewer", scope: "read", tenant: "scoped", rate: "standard" },
  summary: "Get a thing",
  tag: "Things",
  input: z.object({ id: z.string() }),
  output: z.object({}),
  errors: [],
  run: async () => ({}),
  ...changes,
});

describe("what may be served", () => {
  test("a whole operation may", () => {
    expect(() => assertOperations([anOperation({})])).not.toThrow();
  });

  // The type forbids these; a list that was put together elsewhere might still hold them.
  test.each([undefined, {}, { role: "viewer" }, "anyone"])("access %j may not", (access) => {
    const operation = anOperation({ access: access as never });
    expect(() => assertOperations([operation])).toThrow("things.get has no complete access rule");
  });

  test("a name, a route or an alias given twice may not", () => {
    const other = anOperation({ name: "things.other", http: { method: "GET", path: "/v1/things/{key}" } });
    expect(() => assertOperations([anOperation({}), anOperation({})])).toThrow("things.get is used twice");
    expect(() => assertOperations([anOperation({}), { ...other, input: z.object({ key: z.string() }) }])).toThrow(
      "is served twice",
    );
  });

  test("a path parameter that the input does not know may not", () => {
    expect(() => assertOperations([anOperation({ input: z.object({}) })])).toThrow("path parameter id");
  });
});
