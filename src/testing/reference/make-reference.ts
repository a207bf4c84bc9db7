import { join } from "node:path";
import type { ApiOperation } from "#contract/reference/api-document.ts";
import type { Exchange } from "#contract/reference/exchange.ts";
import { toReference } from "#contract/reference/to-reference.ts";
import { inOrder, sendExample } from "#testing/reference/send-example.ts";
import { stabilise } from "#testing/reference/stabilise.ts";
import { startExampleGateway } from "#testing/reference/start-example-gateway.ts";
import type { TestDialect } from "#testing/test-database.ts";

export interface MadeReference {
  /** The pages by file name. */
  readonly pages: ReadonlyMap<string, string>;
  readonly operations: readonly ApiOperation[];
  /** The exchanges as they took place, by the names of the operations. */
  readonly exchanges: ReadonlyMap<string, Exchange>;
}

/** The folder with the pages. */
export const REFERENCE = join(import.meta.dir, "../../../docs/reference");

/** Sends all examples to a new gateway and writes the reference from the answers. */
export async function makeReference(dialect: TestDialect): Promise<MadeReference> {
  const { gateway, world, document, operations, renamed, stop } = await startExampleGateway(dialect);
  try {
    const exchanges = new Map<string, Exchange>();
    for (const operation of inOrder(operations)) {
      exchanges.set(operation.name, await sendExample(gateway, operation, world));
    }
    const shown = new Map([...exchanges].map(([name, exchange]) => [name, stabilise(exchange, renamed)]));
    return { pages: toReference(document, shown), operations, exchanges };
  } finally {
    await stop();
  }
}
