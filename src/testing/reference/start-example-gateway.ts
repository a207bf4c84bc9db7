import type { JsonObject } from "#base/json.ts";
import type { ApiOperation } from "#contract/reference/api-document.ts";
import { readDocument } from "#contract/reference/read-document.ts";
import { startMcpServer } from "#testing/mcp/start-mcp-server.ts";
import { startModelServer } from "#testing/model-server.ts";
import { createExampleWorld, type ExampleWorld } from "#testing/reference/create-example-world.ts";
import type { Renamed } from "#testing/reference/stabilise.ts";
import type { TestDialect } from "#testing/test-database.ts";
import { startTestGateway, type TestGateway } from "#testing/test-gateway.ts";

/** A gateway in which the example of every operation can be sent. */
export interface ExampleGateway {
  readonly gateway: TestGateway;
  readonly world: ExampleWorld;
  /** The OpenAPI document. */
  readonly document: JsonObject;
  readonly operations: readonly ApiOperation[];
  /** Names of this machine, with what the reference shows instead. */
  readonly renamed: readonly Renamed[];
  stop(): Promise<void>;
}

/** The time at which all examples are sent. */
const NOW = new Date("2026-01-15T09:30:00.000Z");

/** Starts a gateway with the world of the examples, a model server and an MCP server, but without a network. */
export async function startExampleGateway(dialect: TestDialect): Promise<ExampleGateway> {
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
  const stop = async () => {
    await gateway.stop();
    await mcp.stop();
    await model.stop();
  };
  try {
    const { body: document } = await gateway.call("GET", "/docs/openapi.json");
    const world = await createExampleWorld(gateway, { modelBase: `${model.url}/v1`, mcpServer: mcp.url, now: NOW });
    return {
      gateway,
      document,
      operations: readDocument(document).groups.flatMap((group) => group.operations),
      world,
      renamed: [
        [world.ids["login-cookie"] ?? "", "goclaw_login_1f0d8c01=…"],
        [gateway.url, "http://127.0.0.1:18790"],
        [navigator.userAgent, "Mozilla/5.0"],
        [mcp.url, "https://mcp.example.com/mcp"],
        [model.url, "https://models.example.com"],
        [gateway.home, "/home/ada/.goclaw"],
      ],
      stop,
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}
