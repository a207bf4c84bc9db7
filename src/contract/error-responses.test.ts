import { expect, test } from "bun:test";
import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { ErrorResponses, errorsOf } from "#contract/error-responses.ts";
import { SchemaCollector } from "#contract/schema-collector.ts";
import { ACCESS } from "#core/access/access.ts";
import { statusOf } from "#core/error-shape.ts";
import type { HttpOperation } from "#core/operation.ts";

const anOperation = (changes: Partial<HttpOperation> = {}): HttpOperation => ({
  name: "agents.things.get",
  http: { method: "GET", path: "/v1/things/{id}" },
  access: ACCESS.read,
  summary: "Get a thing",
  description: "For tests.",
  input: z.object({ id: z.string(), name: z.string() }),
  output: z.object({}),
  run: async () => ({}),
  ...changes,
});
const post = { method: "POST", path: "/v1/things/{id}" } as const;

const listOf = (changes?: Partial<HttpOperation>) =>
  errorsOf(anOperation(changes)).map((error) => `${statusOf(error)} ${error.code}`);

test.each<[string, Partial<HttpOperation>, readonly string[]]>([
  [
    "that is guarded",
    {},
    [
      ...["401 UNAUTHORIZED", "400 INVALID_REQUEST", "404 NOT_FOUND", "503 UNAVAILABLE", "429 RESOURCE_EXHAUSTED"],
      ...["500 INTERNAL", "403 UNAUTHORIZED"],
    ],
  ],
  ["that is public", { access: "public" }, ["400 INVALID_REQUEST", "500 INTERNAL"]],
  [
    "without a rate",
    { access: { ...ACCESS.read, rate: "none" } },
    [
      ...["401 UNAUTHORIZED", "400 INVALID_REQUEST", "404 NOT_FOUND", "503 UNAVAILABLE"],
      ...["500 INTERNAL", "403 UNAUTHORIZED"],
    ],
  ],
  [
    "with a body, that runs once and has an error of its own",
    { access: "public", http: post, runsOnce: true, errors: ["ALREADY_EXISTS"] },
    [
      ...["400 INVALID_REQUEST", "409 ALREADY_EXISTS", "409 FAILED_PRECONDITION", "500 INTERNAL"],
      ...["413 INVALID_REQUEST", "415 INVALID_REQUEST"],
    ],
  ],
])("an operation %s has its errors", (_, changes, expected) => {
  expect(listOf(changes)).toEqual([...expected]);
});

test("operations refer to responses by status, in order, and share equal ones", () => {
  const responses = new ErrorResponses(new SchemaCollector());
  const first = responses.referTo(anOperation());
  expect(Object.keys(first)).toEqual(["400", "401", "403", "404", "429", "500", "503"]);
  expect(first["403"]).toEqual({ $ref: "#/components/responses/Error403.UNAUTHORIZED" });
  responses.referTo(anOperation({ access: "public", http: post, errors: ["ALREADY_EXISTS", "AGENT_TIMEOUT"] }));
  const names = Object.keys(responses.components);
  expect(names).toEqual(names.toSorted());
  expect(responses.referTo(anOperation())).toEqual(first);
  expect(Object.keys(responses.components)).toEqual(names);
  const openAi = responses.referTo(anOperation({ errorStyle: "openai" }));
  expect(openAi["404"]).toEqual({ $ref: "#/components/responses/OpenAiError404.NOT_FOUND" });
});

test("a response describes its status, its headers and the error that is typical of it", () => {
  const responses = new ErrorResponses(new SchemaCollector());
  responses.referTo(anOperation());
  responses.referTo(anOperation({ errorStyle: "openai" }));
  const header = (name: string) => ({ $ref: `#/components/headers/${name}` });
  const id = { "X-Request-Id": header("RequestId") };
  expect(responses.components["Error401.UNAUTHORIZED"]).toMatchObject({
    description: "No bearer token, or one that is unknown, revoked or expired",
    headers: { ...id, "WWW-Authenticate": header("WwwAuthenticate") },
  });
  const limited = responses.components["Error429.RESOURCE_EXHAUSTED"];
  expect(limited).toHaveProperty("headers", { ...id, "Retry-After": header("RetryAfter") });
  const missing = responses.components["Error404.NOT_FOUND"] as { headers: object; content: object };
  expect(missing.headers).toEqual(id);
  expect(missing.content).toEqual({
    "application/json": {
      schema: { $ref: "#/components/schemas/ErrorEnvelope?output" },
      examples: {
        NOT_FOUND: {
          value: {
            error: { code: "NOT_FOUND", message: "agent not found: support", retryable: false, retryAfterMs: 0 },
          },
        },
      },
    },
  });
  expect(JSON.stringify(responses.components["OpenAiError404.NOT_FOUND"])).toContain(
    '"type":"invalid_request_error","param":null',
  );
});

test("every status has a description, and a run that took too long says its limit", () => {
  const responses = new ErrorResponses(new SchemaCollector());
  const errors = ["ALREADY_EXISTS", "AGENT_TIMEOUT"] as const;
  responses.referTo(anOperation({ http: post, runsOnce: true, errors }));
  const described = Object.entries(responses.components).map(([name, response]) => [
    /\d+/.exec(name)?.[0],
    (response as { description: string }).description,
  ]);
  expect(Object.keys(Object.fromEntries(described))).toEqual([
    ...["400", "401", "403", "404", "409", "413", "415", "429", "500", "503", "504"],
  ]);
  expect(described.map(([, description]) => description)).not.toContain("An error");
  expect(JSON.stringify(responses.components["Error504.AGENT_TIMEOUT"])).toContain(`${LIMITS.runWallTime / 1_000} s`);
});
