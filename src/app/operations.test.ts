import { describe, expect, test } from "bun:test";
import { operations } from "#app/operations.ts";
import { pathParameters } from "#core/assert-operations.ts";
import { isHttpOperation } from "#core/operation.ts";
import { FREE_PARAMETERS } from "#testing/reference/free-parameters.ts";

describe("the examples of the documentation", () => {
  test("request examples are accepted by their operations", () => {
    const wrong = operations.filter(isHttpOperation).filter(({ http, input, example }) => {
      const parameters = http.path.replace("...}", "}").matchAll(/[\w-]+\/\{(\w+)\}/g);
      const path = Object.fromEntries(
        [...parameters].map(([place, name]) => [name, FREE_PARAMETERS[place] ?? "default"]),
      );
      const exampleInput = example?.input as object | undefined;
      return exampleInput !== undefined && !input.safeParse({ ...path, ...exampleInput }).success;
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test("response examples match the output schemas of their operations", () => {
    const wrong = operations.filter(
      ({ output, example }) => example?.output !== undefined && !output.safeParse(example.output).success,
    );
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test("every operation that takes a body has an example of it", () => {
    const lacking = operations.filter(isHttpOperation).filter(({ http, body, input, example }) => {
      // A file of a form, and what a platform sends, have no example in JSON.
      const isJson = body?.kind !== "multipart" && body?.kind !== "bytes";
      const takesBody = isJson && http.method !== "GET" && http.method !== "DELETE";
      return takesBody && Object.keys(input.shape).length > pathParameters(http.path).length && !example?.input;
    });
    expect(lacking.map(({ name }) => name)).toEqual([]);
  });
});
