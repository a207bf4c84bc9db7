import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createOperations } from "#app/create-operations.ts";
import { isRecord } from "#base/json.ts";
import { isHttpOperation } from "#core/operation.ts";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { createIsolationFixtures } from "#testing/access/isolation-fixtures.ts";
import { type FuzzOperation, type FuzzRequest, operationsOf, requestsOf } from "#testing/fuzz/fuzz-requests.ts";
import { FREE_PARAMETERS } from "#testing/reference/free-parameters.ts";
import { testDialects } from "#testing/test-database.ts";
import { type CallOptions, startTestGateway } from "#testing/test-gateway.ts";

/** For all databases together. */
const REQUESTS = Number(process.env.GOCLAW_TEST_FUZZ ?? 20_000);
const SEED = Number(process.env.GOCLAW_TEST_FUZZ_SEED ?? 20_261_126);
const AT_ONCE = 8;
const ANSWER_MS = 20_000;
const TIMEOUT = 300_000;

const outputs = new Map(
  createOperations({ docs_auth: false })
    .filter(isHttpOperation)
    .map(({ name, output }) => [name as string, output]),
);

describe.each([...testDialects()])("requests that nobody thought of, on %s", async (dialect) => {
  const gateway = await startTestGateway({
    dialect,
    resolve: async () => {
      throw new Error("there is no network");
    },
  });
  afterAll(gateway.stop);
  const { body: document } = await gateway.call("GET", "/docs/openapi.json");
  const operations = operationsOf(document);
  const callers: CallOptions[] = [];
  let ids: Readonly<Record<string, string>> = {};
  beforeAll(async () => {
    await aTenant(gateway, "fuzz");
    await aTenant(gateway, "other");
    const admin = await aKey(gateway, ["admin"], { tenant: "fuzz", owner_id: "ada" });
    const writer = await aKey(gateway, ["write"], { tenant: "fuzz", owner_id: "bob" });
    const reader = await aKey(gateway, ["read"], { tenant: "fuzz", owner_id: "eve" });
    const stranger = await aKey(gateway, ["admin"], { tenant: "other" });
    callers.push(admin, admin, admin, writer, reader, stranger, {});
    ids = { ...FREE_PARAMETERS, ...(await createIsolationFixtures(gateway, admin)) };
  });

  test(
    "are answered as the document says, and never with a fault of the gateway",
    async () => {
      const perOperation = Math.ceil(REQUESTS / testDialects().length / operations.length);
      const waiting = operations.flatMap((operation) => {
        const requests = requestsOf({ operation, document, ids, callers: callers.length });
        return fc.sample(requests, { numRuns: perOperation, seed: SEED }).map((request) => ({ operation, request }));
      });
      const problems: string[] = [];
      const work = async () => {
        for (let next = waiting.pop(); next; next = waiting.pop()) {
          const problem = await send(next.operation, next.request);
          if (problem) problems.push(`${problem}: ${describeRequest(next.operation, next.request)}`);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      expect(problems.slice(0, 20)).toEqual([]);
      expect((await gateway.call("GET", "/ready")).status).toBe(200);
    },
    TIMEOUT,
  );

  /** Returns what is wrong with an answer. */
  async function send(operation: FuzzOperation, request: FuzzRequest): Promise<string | undefined> {
    const { bearer = gateway.token, user } = callers[request.caller] ?? {};
    const headers = new Headers({
      ...(bearer && { Authorization: `Bearer ${bearer}` }),
      ...(user && { "X-GoClaw-User-Id": user }),
    });
    if (typeof request.body === "string") headers.set("Content-Type", "application/json");
    for (const [name, value] of Object.entries(request.headers)) headers.set(name, value);
    const { method } = operation;
    const init = { method, headers, ...(request.body !== undefined && { body: request.body }) };
    try {
      const response = await fetch(gateway.url + request.path, { ...init, signal: AbortSignal.timeout(ANSWER_MS) });
      return judge(operation, response, await response.text());
    } catch (thrown) {
      return `no answer (${String(thrown)})`;
    }
  }
});

/** The demo model cannot write the files of an agent. */
const EXPECTED_503 = '"reason":"no_summoner"';

function judge({ description }: FuzzOperation, { status, headers }: Response, text: string): string | undefined {
  if (status >= 500 && !(status === 503 && text.includes(EXPECTED_503))) return `${status} ${text.slice(0, 300)}`;
  // A hostile path may lead elsewhere, or nowhere.
  const declared = isRecord(description.responses) ? Object.keys(description.responses) : [];
  if (![...declared, "404", "405", "304", "206", "416"].includes(String(status))) return `${status} is not declared`;
  if (!headers.get("content-type")?.startsWith("application/json")) return undefined;
  const body: unknown = JSON.parse(text);
  if (status >= 400) return isRecord(body) && isRecord(body.error) ? undefined : `no error in ${text.slice(0, 200)}`;
  const output = outputs.get(String(description.operationId));
  const parsed = output?.safeParse(body);
  return parsed?.success === false ? `another shape (${parsed.error.message.slice(0, 400)})` : undefined;
}

const describeRequest = ({ method }: FuzzOperation, { path, body, headers, caller }: FuzzRequest): string =>
  JSON.stringify({ method, path, body: typeof body === "string" ? body.slice(0, 1_000) : "a form", headers, caller });
