import { afterAll, describe, expect, test } from "bun:test";
import { expireChannelLeases } from "#testing/channels/expire-channel-leases.ts";
import { ANN, FakeTelegram } from "#testing/channels/fake-telegram.ts";
import { NODES_AGENT, type Node, startTwoNodes } from "#testing/nodes/start-two-nodes.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;

describe.each([...testDialects()].filter((dialect) => dialect === "postgres"))("two nodes on %s", async () => {
  const telegram = new FakeTelegram();
  const nodes = await startTwoNodes({}, [`127.0.0.1:${telegram.port}`]);
  const { first, second, model } = nodes;
  afterAll(async () => {
    await nodes.stop();
    await telegram.stop();
  });
  model.script(({ messages }) => ({ text: `re: ${messages.at(-1)?.text}` }));
  const create = async (node: Node, name: string, fields: object) =>
    (await node.call("POST", "/v1/channel-instances", { name, agent_id: NODES_AGENT, ...fields })).json();
  const untilShown = async (text: string) => {
    while (!telegram.textsIn(ANN.id).includes(text)) await Bun.sleep(20);
  };

  test(
    "serve a bot one at a time, and the other takes it over when the first dies",
    async () => {
      const credentials = { token: telegram.token, api_server: telegram.apiRoot };
      const config = { dm_policy: "open" };
      const { id } = (await create(first, "shared", { channel_type: "telegram", credentials, config })) as {
        readonly id: string;
      };
      telegram.say({ text: "one" });
      await untilShown("re: one");
      first.process.signal("SIGKILL");
      await first.process.exited;
      await expireChannelLeases(first.site);
      telegram.say({ text: "two" });
      // Any change makes a node look for instances that nobody serves.
      await create(second, "other", { channel_type: "webhook", enabled: false });
      await untilShown("re: two");
      const status = (await (await second.call("GET", `/v1/channel-instances/${id}/status`)).json()) as {
        readonly state: string;
        readonly story: readonly { readonly reason?: string }[];
      };
      expect(status.state).toBe("healthy");
      expect(status.story.some(({ reason }) => reason === "conflict")).toBe(false);
      expect(telegram.textsIn(ANN.id)).toEqual(["re: one", "re: two"]);
    },
    TIMEOUT,
  );
});
