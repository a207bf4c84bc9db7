import { describe, expect, test } from "bun:test";
import { AppError, type FieldIssue, notFound } from "#base/errors.ts";
import { statusOf, toAppError, toErrorShape, toOpenAiErrorShape } from "#core/error-shape.ts";

const shapeOf = (thrown: unknown) => toErrorShape(thrown, "en", "r1");
const invalid = (issues: readonly FieldIssue[]) =>
  new AppError("INVALID_REQUEST", "error.invalid_fields", { fields: "a, b" }, { issues });

describe("an error as a client reads it", () => {
  test("tells the request id and nothing else of what was not expected", () => {
    expect(shapeOf(new TypeError("secret"))).toEqual({
      code: "INTERNAL",
      message: "something went wrong on our side; request id r1",
      retryable: false,
      retryAfterMs: 0,
    });
    expect(toAppError("thrown text", "r1").options.cause).toBe("thrown text");
  });

  test("has the retry hints of its code, unless it brings its own", () => {
    const unavailable = (options: object) => new AppError("UNAVAILABLE", "error.unavailable", {}, options);
    expect(shapeOf(unavailable({}))).toMatchObject({ retryable: true, retryAfterMs: 5_000 });
    expect(shapeOf(unavailable({ retryable: false, retryAfterMs: 0 }))).toMatchObject({
      retryable: false,
      retryAfterMs: 0,
    });
  });

  test("has its reason, its field and its facts as details", () => {
    const options = { reason: "busy", field: "model", details: { limit: 3 } };
    const shape = shapeOf(new AppError("FAILED_PRECONDITION", "error.unavailable", {}, options));
    expect(shape.details).toEqual({ limit: 3, reason: "busy", field: "model" });
    expect(shapeOf(notFound("thing", "t1")).details).toBeUndefined();
  });

  test("names the one field that is invalid, or lists several", () => {
    const missing: FieldIssue = { field: "a", key: "field.required", params: {} };
    const short: FieldIssue = { field: "b", key: "field.too_short", params: { minimum: 2 } };
    expect(shapeOf(invalid([missing])).message).toBe("a is required");
    expect(shapeOf(invalid([short])).message).toBe("b is invalid: must have at least 2 characters or items");
    expect(shapeOf(invalid([])).message).toBe("the request has invalid fields: a, b");
    const both = shapeOf(invalid([missing, short]));
    expect(both.message).toBe("the request has invalid fields: a, b");
    expect(both.details).toEqual({
      fields: [
        { field: "a", message: "is required" },
        { field: "b", message: "must have at least 2 characters or items" },
      ],
    });
  });

  test("is in the language of the caller, fields included", () => {
    const error = invalid([{ field: "a", key: "field.too_short", params: { minimum: 2 } }]);
    const [english, vietnamese] = [toErrorShape(error, "en", "r1"), toErrorShape(error, "vi", "r1")];
    expect(vietnamese.message).not.toBe(english.message);
    expect(vietnamese.message).toContain("2");
    expect(vietnamese.details).not.toEqual(english.details);
  });

  test("has the status of its code, unless it brings its own", () => {
    expect(statusOf(notFound("thing", "t1"))).toBe(404);
    expect(statusOf(new AppError("UNAUTHORIZED", "error.unauthorized", {}, { status: 403 }))).toBe(403);
  });
});

test.each([
  [400, "invalid_request_error"],
  [404, "invalid_request_error"],
  [428, "invalid_request_error"],
  [429, "rate_limit_error"],
  [430, "invalid_request_error"],
  [499, "invalid_request_error"],
  [500, "server_error"],
  [503, "server_error"],
])("OpenAI's clients read the status %i as %s", (status, type) => {
  expect(toOpenAiErrorShape(shapeOf(notFound("thing", "t1")), status)).toEqual({
    ...shapeOf(notFound("thing", "t1")),
    type,
    param: null,
  } as never);
});

test("OpenAI's clients read the invalid field as the parameter", () => {
  const shape = shapeOf(new AppError("INVALID_REQUEST", "error.required", { field: "model" }, { field: "model" }));
  expect(toOpenAiErrorShape(shape, 400).param).toBe("model");
});
