import { answer, prepareSteps } from "#testing/browser/rich-data/hold-conversation.ts";
import type { RichMaker } from "#testing/browser/rich-data/rich-maker.ts";
import { deliver, PROGRAM_SECRET } from "#testing/channels/webhook-program.ts";

/** The names of the accounts on chat platforms. */
export const RICH_CHANNELS = {
  running: "shop-chat",
  healthyBot: "helper-bot",
  failed: "old-bot",
  off: "intern",
} as const;

/** Adds accounts on chat platforms, of which one cannot sign in, with people who wait for leave to write. */
export async function addChannels(maker: RichMaker): Promise<void> {
  const { send, gateway, services, clock, until } = maker;
  const add = async (fields: object): Promise<string> => (await send("POST", "/v1/channel-instances", fields)).id;
  const stateOf = async (id: string) => (await send("GET", `/v1/channel-instances/${id}/status`)).state;
  const { telegram } = services;

  const shop = await add({
    ...{ name: RICH_CHANNELS.running, display_name: "Chat of the shop", channel_type: "webhook", agent_id: "support" },
    ...{ credentials: { secret: PROGRAM_SECRET }, config: { dm_policy: "pairing", group_policy: "open" } },
  });
  const bot = await add({
    ...{
      name: RICH_CHANNELS.healthyBot,
      display_name: "@helper_bot",
      channel_type: "telegram",
      agent_id: "front-desk",
    },
    ...{ credentials: { token: telegram.token, api_server: telegram.apiRoot }, config: { dm_policy: "open" } },
  });
  const failed = await add({
    ...{ name: RICH_CHANNELS.failed, display_name: "The bot before", channel_type: "telegram", agent_id: "support" },
    credentials: { token: "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDold", api_server: telegram.apiRoot },
  });
  await add({
    ...{ name: RICH_CHANNELS.off, display_name: "Thực tập", channel_type: "webhook", agent_id: "ke-toan" },
    ...{ credentials: { secret: PROGRAM_SECRET }, enabled: false },
  });
  await until("a bot is healthy", async () => (await stateOf(bot)) === "healthy");
  await until("a webhook is healthy", async () => (await stateOf(shop)) === "healthy");
  await until("a bot has failed", async () => (await stateOf(failed)) === "failed");

  const deliverToShop = (message: object) =>
    deliver(gateway, shop, JSON.stringify(message), { timestamp: Math.floor(clock.now().getTime() / 1_000) });
  for (const [sender_id, sender_name] of [
    ["okafor", "Ngozi Okafor"],
    ["tuan", "Tuấn Lê"],
    ["li.na", "李娜"],
  ]) {
    await deliverToShop({ message_id: `hello-${sender_id}`, sender_id, sender_name, text: "Hello?" });
  }
  const { pairings } = await send("GET", "/v1/channel-pairings");
  await send("POST", `/v1/channel-pairings/${pairings.at(-1).id}/approve`, {});
  prepareSteps(maker, { says: "Are you open?", steps: [answer("Yes, until 18:00.")] });
  await deliverToShop({ message_id: "open", sender_id: "okafor", sender_name: "Ngozi Okafor", text: "Are you open?" });
  prepareSteps(maker, { says: "Xin chào", steps: [answer("Chào bạn! Tôi giúp gì được?")] });
  telegram.say({ text: "Xin chào" });
  await until("the bot has answered", async () => telegram.textsIn(42).length > 0);
}
