import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { NODES_AGENT, startTwoNodes, type TwoNodes } from "#testing/nodes/start-two-nodes.ts";
import { readResponseStream, textOfEvents } from "#testing/streams/read-response-stream.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;

describe.each(testDialects().filter((dialect) => dialect === "postgres"))("two gateways on one %s", () => {
  let nodes: TwoNodes;
  beforeAll(async () => {
    nodes = await startTwoNodes();
  }, TIMEOUT);
  afterAll(() => nodes.stop());

  const begin = async () => {
    const body = { model: `goclaw:${NODES_AGENT}`, input: "go", background: true };
    return (await (await nodes.first.call("POST", "/v1/responses", body)).json()) as { id: string };
  };

  test(
    "one continues the stream of a response that the other works on, right behind what was read there",
    async () => {
      const call = nodes.model.manual();
      const { id } = await begin();
      await call.arrived;
      await call.send("one ");
      const read = [];
      for await (const event of readResponseStream(await nodes.first.call("GET", `/v1/responses/${id}?stream=true`))) {
        read.push(event);
        if (event.type === "response.output_text.delta") break;
      }
      const after = read.findLast(({ sequence_number }) => sequence_number !== undefined)?.sequence_number;
      const path = `/v1/responses/${id}?stream=true&starting_after=${after}`;
      const rest = Array.fromAsync(readResponseStream(await nodes.second.call("GET", path)));
      await call.send("two");
      await call.finish();
      expect(textOfEvents([...read, ...(await rest)])).toBe("one two");
    },
    TIMEOUT,
  );

  test(
    "one cancels a response that the other works on, and tells its end",
    async () => {
      const call = nodes.model.manual();
      const { id } = await begin();
      await call.arrived;
      await call.send("half");
      const cancelled = await (await nodes.second.call("POST", `/v1/responses/${id}/cancel`)).json();
      expect(cancelled).toMatchObject({ status: "cancelled", output: [{ status: "incomplete" }] });
      await call.aborted;
    },
    TIMEOUT,
  );
});
