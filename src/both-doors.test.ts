import { afterAll, describe, expect, test } from "bun:test";
import { createOperations } from "#app/create-operations.ts";
import { HOUR } from "#base/clock.ts";
import { newId } from "#base/ids.ts";
import { pathParameters } from "#core/assert-operations.ts";
import { type HttpOperation, isHttpOperation } from "#core/operation.ts";
import { aTenant } from "#features/tenants/tenant-fixture.ts";
import { CALLERS, makeCallers } from "#testing/access/callers.ts";
import { openSocket, type SocketClient } from "#testing/sockets/socket-client.ts";
import { testDialects } from "#testing/test-database.ts";
import { type CallOptions, startTestGateway, TEST_USER } from "#testing/test-gateway.ts";

/** Operations whose input or answer is more than JSON. Sockets name their route instead. */
const isHttpOnly = ({ name, body, answers, setsCookie }: HttpOperation): boolean =>
  setsCookie ||
  body?.kind === "multipart" ||
  body?.kind === "bytes" ||
  answers?.bytes !== undefined ||
  STREAMS.includes(name);
/** They answer with a stream, whatever their caller asks for. */
const STREAMS = ["storage.size"];

const operations = createOperations({ docs_auth: false }).filter(isHttpOperation);

/** Replaces what no two calls have in common: ids, times, and the numbers of generated names. */
const comparable = (value: unknown): unknown =>
  JSON.parse(
    (JSON.stringify(value) ?? "null")
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "ID")
      .replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, "TIME")
      .replaceAll(/\b(?=\d*[a-f])[0-9a-f]{8,64}\b/g, "HEX"),
  );

describe.each([...testDialects()])("the doors HTTP and WebSocket on %s", async (dialect) => {
  let now = new Date();
  const gateway = await startTestGateway({ dialect, clock: { now: () => now, elapsed: () => performance.now() } });
  await aTenant(gateway, "other");
  const callers = await makeCallers(gateway);
  now = new Date(now.getTime() + HOUR);
  const refusedCallers = CALLERS.slice(0, CALLERS.indexOf("read"));
  const admitted = CALLERS.slice(CALLERS.indexOf("read"));
  const sockets = new Map<string, SocketClient>();
  for (const caller of admitted) sockets.set(caller, await connect(callers[caller]));
  afterAll(() => gateway.stop());

  function connect({ bearer = gateway.token, user }: CallOptions): Promise<SocketClient> {
    return openSocket(gateway, {
      token: bearer,
      user: user ?? TEST_USER,
      params: { dialect: "operations", feed: "none" },
    });
  }

  async function overHttp({ http, errorStyle }: HttpOperation, id: string, caller: CallOptions) {
    const path = http.path.replaceAll(/\{(\w+)(?:\.\.\.)?\}/g, id);
    const hasBody = http.method !== "GET" && http.method !== "DELETE";
    const headers = { Accept: "application/json", "X-Request-Id": "r" };
    const answer = await gateway.call(http.method, path, hasBody ? {} : undefined, { ...caller, headers });
    const { error } = answer.body ?? {};
    if (!error) return comparable({ payload: answer.body });
    // Only OpenAI's clients read these, and sockets leave out a delay of 0.
    const { type, param, retryAfterMs, ...shared } = error;
    const delay = retryAfterMs > 0 ? { retryAfterMs } : {};
    return comparable({ error: { ...shared, ...delay, ...(errorStyle ? {} : { type, param }) } });
  }

  async function overSocket({ name, http }: HttpOperation, id: string, socket: SocketClient | undefined) {
    const params = Object.fromEntries(pathParameters(http.path).map((parameter) => [parameter, id]));
    const answer = await socket?.call(name, params).then(
      (payload) => ({ payload }),
      ({ error }) => ({ error }),
    );
    return comparable(answer);
  }

  test.each(operations.filter((operation) => !isHttpOnly(operation)))(
    "$name: the same answer and the same refusal for every caller",
    async (operation) => {
      for (const caller of admitted) {
        const id = newId();
        const [http, socket] = [
          await overHttp(operation, id, callers[caller]),
          await overSocket(operation, id, sockets.get(caller)),
        ];
        expect([caller, socket]).toEqual([caller, http]);
      }
    },
  );

  test.each(operations.filter(isHttpOnly))("$name: sockets name the route", async (operation) => {
    const answer = await overSocket(operation, newId(), sockets.get("owner"));
    const { method, path } = operation.http;
    const error = { code: "INVALID_REQUEST", message: expect.stringContaining(`${method} ${path}`) };
    expect(answer).toMatchObject({ error: { ...error, details: { reason: "http_only" } } });
  });

  test.each(refusedCallers.filter((caller) => caller !== "none"))(
    "a caller that is %s cannot connect",
    async (caller) => {
      const refused = await connect(callers[caller]).catch(({ error }) => error);
      expect(refused).toMatchObject({ code: "UNAUTHORIZED" });
    },
  );
});
