import { expect, test } from "bun:test";
import { isConnectionLoss, isServerAnswer, toPostgresError } from "#db/dialects/postgres/failures.ts";

const withCode = (code: string, message = "failed") => Object.assign(new Error(message), { code });
const UNAVAILABLE = "error.database_unavailable";
const DAMAGED = "error.database_damaged";

/** Returns the key of what a failure becomes. Undefined if it stays as it is. */
function keyOf(thrown: unknown): string | undefined {
  const told = toPostgresError(thrown);
  if (told === thrown) return undefined;
  expect(told).toMatchObject({ code: "UNAVAILABLE", cause: thrown, options: { reason: "database" } });
  return (told as { key: string }).key;
}

test.each<[code: string, isLoss: boolean, isAnswer: boolean, key: string | undefined]>([
  ["08006", true, true, UNAVAILABLE],
  ["57P01", true, true, UNAVAILABLE],
  ["53300", true, true, UNAVAILABLE],
  ["25006", true, true, UNAVAILABLE],
  ["ECONNRESET", true, false, UNAVAILABLE],
  ["EPIPE", true, false, UNAVAILABLE],
  ["CONNECTION_CLOSED", true, false, UNAVAILABLE],
  ["40001", false, true, UNAVAILABLE],
  ["40P01", false, true, UNAVAILABLE],
  ["55P03", false, true, UNAVAILABLE],
  ["57014", false, true, UNAVAILABLE],
  ["58030", false, true, UNAVAILABLE],
  ["28P01", false, true, UNAVAILABLE],
  ["3D000", false, true, UNAVAILABLE],
  ["XX001", false, true, DAMAGED],
  ["42P01", false, true, DAMAGED],
  ["42703", false, true, DAMAGED],
  ["42883", false, true, DAMAGED],
  ["3F000", false, true, DAMAGED],
  ["42501", false, true, DAMAGED],
  ["23505", false, true, undefined],
  ["22012", false, true, undefined],
  ["42601", false, true, undefined],
  ["25001", false, true, undefined],
  ["10800", false, true, undefined],
  ["125006", false, false, undefined],
  ["EPROT", true, false, UNAVAILABLE],
  ["E1", false, false, undefined],
  ["", false, false, undefined],
])("the code %j loses the connection: %p, is the server's own: %p, and becomes %p", (code, isLoss, isAnswer, key) => {
  const thrown = withCode(code);
  expect([isConnectionLoss(thrown), isServerAnswer(thrown), keyOf(thrown)]).toEqual([isLoss, isAnswer, key]);
});

test.each([
  "timeout exceeded when trying to connect",
  "Query read timeout",
  "Connection terminated unexpectedly",
  "Connection terminated due to connection timeout",
  "Client has encountered a connection error and is not queryable",
])("%s is the loss of a connection, as an error alone", (message) => {
  const thrown = new Error(message);
  expect([isConnectionLoss(thrown), isServerAnswer(thrown), keyOf(thrown)]).toEqual([true, false, UNAVAILABLE]);
  expect([isConnectionLoss(message), isConnectionLoss({ message }), keyOf(message)]).toEqual([false, false, undefined]);
});

test("other failures stay as they are", () => {
  for (const thrown of [new Error("failed"), "failed", undefined, null, 5]) {
    expect([isConnectionLoss(thrown), isServerAnswer(thrown), keyOf(thrown)]).toEqual([false, false, undefined]);
  }
});
