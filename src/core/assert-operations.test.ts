import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { assertOperations, routesOf } from "#core/assert-operations.ts";
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

  test("a POST that may have its effect twice under one idempotency key may not", () => {
    const http = { method: "POST", path: "/v1/things/{id}" } as const;
    expect(() => assertOperations([anOperation({ http })])).toThrow("things.get is a POST without runsOnce");
    expect(() => assertOperations([anOperation({ http, runsOnce: true })])).not.toThrow();
  });

  test("an operation without HTTP may, and has no route", () => {
    const { http: _, ...operation } = anOperation({});
    expect(() => assertOperations([operation])).not.toThrow();
    expect(routesOf(operation)).toEqual([]);
  });

  test("a path parameter that the input does not know may not", () => {
    expect(() => assertOperations([anOperation({ input: z.object({}) })])).toThrow("path parameter id");
  });
});
