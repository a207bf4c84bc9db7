import { expect, test } from "bun:test";
import { EgressError } from "#base/egress/egress-error.ts";

test("a failure names its kind and never its target", () => {
  const cause = new Error("connect ECONNREFUSED 10.0.0.1:22");
  const failure = new EgressError("connect", { cause });
  expect(failure).toMatchObject({ name: "EgressError", kind: "connect", status: undefined });
  expect(failure.message).toBe("the connection could not be opened");
  expect(failure.cause).toBe(cause);
});

test("a status that is the failure is in the message", () => {
  const failure = new EgressError("network", { status: 418 });
  expect([failure.message, failure.status]).toEqual(["the server answered 418", 418]);
  expect("cause" in failure).toBe(false);
});

test("only an abort has the name by which libraries recognize it", () => {
  expect(new EgressError("aborted").name).toBe("AbortError");
  expect(new EgressError("timeout").name).toBe("EgressError");
});
