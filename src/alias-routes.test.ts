import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { sendExample } from "#testing/reference/send-example.ts";
import { type ExampleGateway, startExampleGateway } from "#testing/reference/start-example-gateway.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 120_000;

describe.each([...testDialects()])("the further routes of operations that read, on %s", (dialect) => {
  let site: ExampleGateway;
  beforeAll(async () => {
    site = await startExampleGateway(dialect);
  }, TIMEOUT);
  afterAll(() => site.stop());

  test(
    "answer what the first one answers",
    async () => {
      const { gateway, world, operations } = site;
      const reads = operations.flatMap((operation) =>
        operation.aliases.filter(({ method }) => method === "GET").map((route) => ({ operation, route })),
      );
      expect(reads.map(({ route }) => route.path)).toContain("/v1/agents/{id}/shares");
      for (const { operation, route } of reads) {
        const first = await sendExample(gateway, operation, world);
        const other = await sendExample(gateway, { ...operation, route }, world);
        expect([route.path, other.status, other.text]).toEqual([route.path, first.status, first.text]);
      }
    },
    TIMEOUT,
  );
});
