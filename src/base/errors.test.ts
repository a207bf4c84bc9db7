import { expect, test } from "bun:test";
import {
  AppError,
  alreadyExists,
  ERROR_CODES,
  failedPrecondition,
  invalidField,
  notFound,
  permissionDenied,
  required,
  unauthorized,
} from "#base/errors.ts";

test("every code has the status and the retry hint that clients know", () => {
  expect(Object.entries(ERROR_CODES).map(([code, { status }]) => [code, status])).toEqual([
    ["UNAUTHORIZED", 401],
    ["INVALID_REQUEST", 400],
    ["NOT_FOUND", 404],
    ["ALREADY_EXISTS", 409],
    ["UNAVAILABLE", 503],
    ["RESOURCE_EXHAUSTED", 429],
    ["FAILED_PRECONDITION", 409],
    ["AGENT_TIMEOUT", 504],
    ["INTERNAL", 500],
  ]);
  const hints = Object.entries(ERROR_CODES).map(([code, { retryable, retryAfterMs }]) => [
    code,
    retryable ? retryAfterMs : `never, ${retryAfterMs}`,
  ]);
  expect(Object.fromEntries(hints)).toEqual({
    ...{ UNAUTHORIZED: "never, 0", INVALID_REQUEST: "never, 0", NOT_FOUND: "never, 0", ALREADY_EXISTS: "never, 0" },
    ...{ UNAVAILABLE: 5_000, RESOURCE_EXHAUSTED: 60_000, FAILED_PRECONDITION: "never, 0" },
    ...{ AGENT_TIMEOUT: 1_000, INTERNAL: "never, 0" },
  });
});

test("an error has its code and its key as its message, and its cause", () => {
  const error = new AppError("INTERNAL", "error.internal", { requestId: "r" }, { cause: "why" });
  expect([error.message, error.cause, error.name]).toEqual(["INTERNAL: error.internal", "why", "AppError"]);
});

test.each<[AppError, object]>([
  [notFound("agent", "a1"), { code: "NOT_FOUND", key: "error.not_found", params: { entity: "agent", id: "a1" } }],
  [
    alreadyExists("agent", "a1"),
    { code: "ALREADY_EXISTS", key: "error.already_exists", params: { entity: "agent", id: "a1" } },
  ],
  [unauthorized(), { code: "UNAUTHORIZED", key: "error.unauthorized", options: {} }],
  [
    permissionDenied("why"),
    { code: "UNAUTHORIZED", key: "error.permission_denied", params: { detail: "why" }, options: { status: 403 } },
  ],
  [required("name"), { code: "INVALID_REQUEST", key: "error.required", options: { field: "name" } }],
  [
    invalidField("name", "why"),
    { code: "INVALID_REQUEST", params: { field: "name", detail: "why" }, options: { field: "name" } },
  ],
  [
    failedPrecondition("error.idempotency_conflict", {}, "conflict", { retryable: true }),
    { code: "FAILED_PRECONDITION", options: { reason: "conflict", retryable: true } },
  ],
])("%s says what is wrong", (error, expected) => {
  expect(error).toMatchObject(expected);
});
