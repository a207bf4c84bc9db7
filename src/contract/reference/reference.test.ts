import { beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { createOperations } from "#app/create-operations.ts";
import type { Exchange } from "#contract/reference/exchange.ts";
import { type AnyOperation, isHttpOperation } from "#core/operation.ts";
import { type MadeReference, makeReference, REFERENCE } from "#testing/reference/make-reference.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 120_000;

const operations = createOperations({ docs_auth: false }).filter(isHttpOperation);

describe.each([...testDialects()])("the reference, on %s", (dialect) => {
  let made: MadeReference;
  beforeAll(async () => {
    made = await makeReference(dialect);
  }, TIMEOUT);

  test("is what docs/reference has; `npm run reference` writes it anew", () => {
    const files = readdirSync(REFERENCE).map((name) => [name, readFileSync(join(REFERENCE, name), "utf8")] as const);
    expect(Object.fromEntries(made.pages)).toEqual(Object.fromEntries(files));
  });

  test("has an example of every operation, and each was accepted; see exampleValuesOf for what an example needs", () => {
    const refused = [...made.exchanges].filter(([, { status }]) => status >= 300);
    expect(refused.map(([name, { status, text }]) => `${name}: ${status} ${text}`)).toEqual([]);
    // The page of the docs is the same with a slash at its end.
    const names = operations.map(({ name }) => name).filter((name) => name !== "docs.folder");
    expect([...made.exchanges.keys()].sort()).toEqual(names.sort());
  });

  test("has answers with the status and the shape that the document declares", () => {
    const wrong = operations.flatMap((operation) => {
      const exchange = made.exchanges.get(operation.name);
      return exchange ? problemsOf(operation, exchange).map((problem) => `${operation.name}: ${problem}`) : [];
    });
    expect(wrong).toEqual([]);
  });

  test("has answers of the media types that the document declares", () => {
    const wrong = made.operations.flatMap(({ name, answers }) => {
      const mediaType = made.exchanges.get(name)?.mediaType ?? "";
      const declared = answers.flatMap(({ contents }) => contents.map((content) => content.mediaType));
      // A file has a type of its own.
      const isFile = declared.includes("application/octet-stream");
      const isDeclared = declared.some((type) => type === mediaType || mediaType.startsWith(type.replace("*", "")));
      return isFile || isDeclared ? [] : [`${name}: ${mediaType} is not one of ${declared.join(", ")}`];
    });
    expect(wrong).toEqual([]);
  });

  test("shows neither credentials nor anything of the machine that made it", () => {
    const text = [...made.pages.values()].join("\n");
    expect(text).not.toMatch(/127\.0\.0\.1:(?!18790)|\/tmp\/|localhost/);
    for (const { text: answer } of made.exchanges.values()) {
      for (const [credential] of answer.matchAll(/goclaw_[0-9a-f]{32}/g)) expect(text).not.toContain(credential);
    }
  });
});

function problemsOf({ http, output, answers }: AnyOperation, { status, mediaType, text }: Exchange): readonly string[] {
  const declared: readonly (number | undefined)[] = [http?.status ?? 200, http?.unchangedStatus];
  const undeclared = declared.includes(status) ? [] : [`${status} is not declared`];
  if (mediaType === "application/json") return [...undeclared, ...mismatches(output, JSON.parse(text))];
  const schema = answers?.stream?.schema;
  if (mediaType !== "text/event-stream" || !schema) return undeclared;
  const events = [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data = ""]): unknown => JSON.parse(data));
  return [...undeclared, ...events.flatMap((event) => mismatches(schema, event))];
}

function mismatches(schema: z.ZodType, value: unknown): readonly string[] {
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : [parsed.error.message.slice(0, 300)];
}
