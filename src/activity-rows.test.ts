import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createOperations } from "#app/create-operations.ts";
import { isHttpOperation } from "#core/operation.ts";
import { inOrder, sendExample } from "#testing/reference/send-example.ts";
import { type ExampleGateway, startExampleGateway } from "#testing/reference/start-example-gateway.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 120_000;

const actions = new Map<string, string | undefined>(
  createOperations({ docs_auth: false })
    .filter(isHttpOperation)
    .map(({ name, audit }) => [name, audit?.type]),
);

describe.each([...testDialects()])("the activity log on %s", (dialect) => {
  let site: ExampleGateway;
  beforeAll(async () => {
    site = await startExampleGateway(dialect);
  }, TIMEOUT);
  afterAll(() => site.stop());

  test(
    "has one row more, of the declared action, after each change, and none after anything else",
    async () => {
      const { gateway, world, operations } = site;
      const countRows = async (isScoped: boolean, query: string): Promise<number> => {
        const caller = isScoped ? world.admin : world.owner;
        return (await gateway.call("GET", `/v1/activity?limit=1${query}`, undefined, caller)).body.total;
      };
      const wrong: string[] = [];
      for (const operation of inOrder(operations)) {
        const action = actions.get(operation.name);
        const isScoped = operation.access !== "public" && operation.access.tenant === "scoped";
        // Jobs write rows too, so only those of the caller count where no action is expected.
        const query = action === undefined ? "&actor_id=ada" : `&action=${action}`;
        const before = await countRows(isScoped, query);
        await sendExample(gateway, operation, world);
        const more = (await countRows(isScoped, query)) - before;
        if (more !== (action === undefined ? 0 : 1)) wrong.push(`${operation.name}: ${more} rows of ${action}`);
      }
      expect(wrong).toEqual([]);
    },
    TIMEOUT,
  );
});
