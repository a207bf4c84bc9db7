import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { assertOperations, routesOf } from "#core/assert-operations.ts";
import type { AnyOperation } from "#core/operation.ts";

const anOperation = (changes: Partial<AnyOperation>): AnyOperation => ({
  name: "agents.things.get",
  http: { method: "GET", path: "/v1/things/{id}" },
  access: { role: "viewer", scope: "read", tenant: "scoped", rate: "standard" },
  summary: "Get a thing",
  description: "For tests.",
  input: z.object({ id: z.string() }),
  output: z.object({}),
  run: async () => ({}),
  ...changes,
});

describe("the check of the list of operations", () => {
  test("accepts a complete operation", () => {
    expect(() => assertOperations([anOperation({})])).not.toThrow();
  });

  // The types forbid these values, but a cast could still put them into a list.
  test.each([undefined, {}, { role: "viewer" }, "anyone"])("refuses access %j", (access) => {
    const operation = anOperation({ access: access as never });
    expect(() => assertOperations([operation])).toThrow("agents.things.get has no complete access rule");
  });

  test("refuses a name, a route or an alias that is used twice", () => {
    const other = anOperation({ name: "agents.things.other", http: { method: "GET", path: "/v1/things/{key}" } });
    expect(() => assertOperations([anOperation({}), anOperation({})])).toThrow("agents.things.get is used twice");
    expect(() => assertOperations([anOperation({}), anOperation({})])).toThrow("GET /v1/things/{} is served twice");
    expect(() => assertOperations([anOperation({}), { ...other, input: z.object({ key: z.string() }) }])).toThrow(
      "is served twice",
    );
  });

  test("refuses a POST that could take effect twice under one idempotency key", () => {
    const http = { method: "POST", path: "/v1/things/{id}" } as const;
    expect(() => assertOperations([anOperation({ http })])).toThrow("agents.things.get is a POST without runsOnce");
    expect(() => assertOperations([anOperation({ http, runsOnce: true })])).not.toThrow();
  });

  test("refuses a change whose answers would come from memory", () => {
    const change = { method: "PUT", path: "/v1/things/{id}" } as const;
    expect(() => assertOperations([anOperation({ http: change, keptUntil: [] })])).toThrow("is no read");
    expect(() => assertOperations([anOperation({ keptUntil: [] })])).not.toThrow();
  });

  test("accepts an operation without HTTP, which has no route", () => {
    const { http: _, ...operation } = anOperation({});
    expect(() => assertOperations([operation])).not.toThrow();
    expect(routesOf(operation)).toEqual([]);
  });

  test("refuses a path parameter that the input does not have", () => {
    expect(() => assertOperations([anOperation({ input: z.object({}) })])).toThrow("path parameter id");
  });
});
