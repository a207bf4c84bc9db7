import { join } from "node:path";
import type { ApiOperation } from "#contract/reference/api-document.ts";
import type { Exchange } from "#contract/reference/exchange.ts";
import { readDocument } from "#contract/reference/read-document.ts";
import { toReference } from "#contract/reference/to-reference.ts";
import { startMcpServer } from "#testing/mcp/start-mcp-server.ts";
import { startModelServer } from "#testing/model-server.ts";
import { createExampleWorld } from "#testing/reference/create-example-world.ts";
import { sendExamples } from "#testing/reference/send-examples.ts";
import { stabilise } from "#testing/reference/stabilise.ts";
import type { TestDialect } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

export interface MadeReference {
  /** The pages by file name. */
  readonly pages: ReadonlyMap<string, string>;
  readonly operations: readonly ApiOperation[];
  /** The exchanges as they took place, by the names of the operations. */
  readonly exchanges: ReadonlyMap<string, Exchange>;
}

/** The folder with the pages. */
export const REFERENCE = join(import.meta.dir, "../../../docs/reference");

/** The time at which all examples are sent. */
const NOW = new Date("2026-01-15T09:30:00.000Z");

/** Sends all examples to a new gateway and writes the reference from the answers. */
export async function makeReference(dialect: TestDialect): Promise<MadeReference> {
  const model = await startModelServer();
  model.script({ stallAfterChunks: 0, text: "…" });
  const mcp = startMcpServer();
  const gateway = await startTestGateway({
    dialect,
    clock: { now: () => NOW },
    allowHosts: [mcp.host, new URL(model.url).host],
    resolve: async () => {
      throw new Error("there is no network");
    },
  });
  try {
    const { body: document } = await gateway.call("GET", "/docs/openapi.json");
    const operations = readDocument(document).groups.flatMap((group) => group.operations);
    const world = await createExampleWorld(gateway, { modelBase: `${model.url}/v1`, mcpServer: mcp.url, now: NOW });
    const exchanges = await sendExamples(gateway, operations, world);
    const names = [
      [mcp.url, "https://mcp.example.com/mcp"],
      [model.url, "https://models.example.com"],
      [gateway.home, "/home/ada/.goclaw"],
    ] as const;
    const shown = new Map([...exchanges].map(([name, exchange]) => [name, stabilise(exchange, names)]));
    return { pages: toReference(document, shown), operations, exchanges };
  } finally {
    await gateway.stop();
    await mcp.stop();
    await model.stop();
  }
}
