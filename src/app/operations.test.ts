import { describe, expect, test } from "bun:test";
import { operations } from "#app/operations.ts";
import { pathParameters } from "#core/assert-operations.ts";

describe("the examples of the documentation", () => {
  test("those of requests are accepted by their operations", () => {
    const wrong = operations.filter(({ http, input, example }) => {
      const path = Object.fromEntries(pathParameters(http.path).map((name) => [name, "default"]));
      const given = example?.input as object | undefined;
      return given !== undefined && !input.safeParse({ ...path, ...given }).success;
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test("those of answers are what their operations may answer", () => {
    const wrong = operations.filter(
      ({ output, example }) => example?.output !== undefined && !output.safeParse(example.output).success,
    );
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test("every operation that takes a body shows one", () => {
    const silent = operations.filter(({ http, input, example }) => {
      const takesBody = http.method !== "GET" && http.method !== "DELETE";
      return takesBody && Object.keys(input.shape).length > pathParameters(http.path).length && !example?.input;
    });
    expect(silent.map(({ name }) => name)).toEqual([]);
  });
});
