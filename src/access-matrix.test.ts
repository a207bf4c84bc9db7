import { afterAll, describe, expect, test } from "bun:test";
import { createOperations } from "#app/create-operations.ts";
import { HOUR } from "#base/clock.ts";
import { newId } from "#base/ids.ts";
import { pathParameters, routesOf } from "#core/assert-operations.ts";
import { type HttpOperation, isHttpOperation } from "#core/operation.ts";
import { aTenant } from "#features/tenants/tenant-fixture.ts";
import { type Admission, CALLERS, makeCallers } from "#testing/access/callers.ts";
import { createIsolationFixtures } from "#testing/access/isolation-fixtures.ts";
import {
  ACCESS_EXPECTATIONS,
  ISOLATED_LISTS,
  NEEDED_QUERIES,
  UNLISTED,
} from "#testing/access/resource-expectations.ts";
import { FREE_PARAMETERS } from "#testing/reference/free-parameters.ts";
import { testDialects } from "#testing/test-database.ts";
import { type Answer, type CallOptions, startTestGateway } from "#testing/test-gateway.ts";

interface Route {
  readonly operation: HttpOperation;
  readonly method: string;
  readonly path: string;
}

const operations = createOperations({ docs_auth: false }).filter(isHttpOperation);
const routes = operations.flatMap((operation) =>
  routesOf(operation).map(({ method, path }): Route => ({ operation, method, path: path.replace("...}", "}") })),
);

/** Returns each parameter of a path together with the fixed segment before it, such as `agents/{id}`. */
const parametersOf = (path: string) => [...path.matchAll(/[\w-]+\/\{\w+\}/g)].map(([parameter]) => parameter);

/** The routes whose path names a resource of the caller's tenant. */
const isolated = routes.filter(
  ({ operation: { access }, path }) =>
    access !== "public" &&
    access.tenant === "scoped" &&
    parametersOf(path).some((parameter) => !(parameter in FREE_PARAMETERS)),
);

const hasBody = (method: string) => method !== "GET" && method !== "DELETE";

const classOf = ({ status }: Answer): Admission | number =>
  status === 401 || status === 403 || status >= 500 ? status : "ok";

test("the table of expectations has exactly one line per operation", () => {
  expect(Object.keys(ACCESS_EXPECTATIONS).sort()).toEqual(operations.map(({ name }) => name).sort());
});

describe.each([...testDialects()])("on %s", async (dialect) => {
  let now = new Date();
  const gateway = await startTestGateway({ dialect, clock: { now: () => now } });
  afterAll(() => gateway.stop());
  await aTenant(gateway, "other");
  const callers = await makeCallers(gateway);
  now = new Date(now.getTime() + HOUR);
  const fixtures = await createIsolationFixtures(gateway, callers.otherAdmin);

  test.each(routes)("$method $path admits exactly the expected callers", async ({ operation, method, path }) => {
    const target = path.replaceAll(/\{\w+\}/g, () => newId());
    const answers = await Promise.all(
      CALLERS.map(async (caller) => {
        const answer = await gateway.call(method, target, hasBody(method) ? {} : undefined, callers[caller]);
        return [caller, classOf(answer)] as const;
      }),
    );
    expect(Object.fromEntries(answers)).toEqual({ ...ACCESS_EXPECTATIONS[operation.name] });
  });

  test.each(isolated)("$method $path treats another tenant's ids as unknown", async ({ operation, method, path }) => {
    const ask = async (caller: CallOptions, idOf: (parameter: string) => string) => {
      const ids: string[] = [];
      const target = path.replaceAll(/([\w-]+\/)(\{\w+\})/g, (parameter, segment: string) => {
        const value = FREE_PARAMETERS[parameter];
        if (value !== undefined) return `${segment}${value}`;
        ids.push(idOf(parameter));
        return `${segment}${ids.at(-1)}`;
      });
      const body = hasBody(method) ? exampleBody(operation) : undefined;
      const { status, text } = await gateway.call(
        method,
        target + (NEEDED_QUERIES[operation.name] ?? ""),
        body,
        caller,
      );
      return { status, text: ids.reduce((part, id) => part.replaceAll(id, "ID"), text) };
    };
    const theirs = (parameter: string) => {
      const id = fixtures[parameter];
      if (id === undefined) throw new Error(`createIsolationFixtures makes nothing for ${parameter}`);
      return id;
    };
    const unknown = await ask(callers.admin, () => newId());
    expect(await ask(callers.admin, theirs)).toEqual(unknown);
    expect(unknown.status).toBe(404);
    if (method === "GET") expect((await ask(callers.otherAdmin, theirs)).status).toBe(200);
  });

  test("the other tenant still has all its resources", async () => {
    const lists = await Promise.all(
      ISOLATED_LISTS.map((path) => gateway.call("GET", path, undefined, callers.otherAdmin)),
    );
    const text = lists.map((list) => list.text).join();
    for (const [name, id] of Object.entries(fixtures)) if (!UNLISTED.includes(name)) expect(text).toContain(id);
    expect(text).not.toContain('"revoked":true');
  });
});

/** Returns the operation's own example, so that only the id can cause a refusal, not the body. */
function exampleBody({ example, http }: HttpOperation): object {
  const inPath = pathParameters(http.path);
  return Object.fromEntries(Object.entries(example?.input ?? {}).filter(([name]) => !inPath.includes(name)));
}
