import { answer, prepareSteps } from "#testing/browser/rich-data/hold-conversation.ts";
import type { RichMaker } from "#testing/browser/rich-data/rich-maker.ts";
import { refusal } from "#testing/channels/fake-telegram.ts";
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
  await addUnsent(maker, bot);
}

/** People whom the bot's answers did not reach, or not yet, and how Telegram answers when one is sent. */
const UNREACHED = [
  {
    ...{ id: 51, name: "Grace Obi", says: "When does the tent TX-2 come back?", state: "failed" },
    reply: "The TX-2 is back in stock on Friday. Shall I put one aside for you?",
    outcome: () => refusal(403, "Forbidden: bot was blocked by the user"),
  },
  {
    ...{ id: 52, name: "Hoa Phạm", says: "Đơn 10518 đến đâu rồi?", state: "uncertain" },
    reply: "Đơn 10518 đã rời kho sáng nay và sẽ đến trong hai ngày.",
    outcome: () => new Response("<html>bad gateway</html>", { status: 502 }),
  },
  {
    ...{ id: 53, name: "陈伟", says: "你们周日营业吗？", state: "pending" },
    reply: "周日我们从 10:00 营业到 16:00。",
    outcome: () => refusal(429, "Too Many Requests", { retry_after: 1_800 }),
  },
] as const;

/** Fills the outbox of a bot with messages that did not arrive. */
async function addUnsent(maker: RichMaker, bot: string): Promise<void> {
  const { send, services, until } = maker;
  const { telegram } = services;
  telegram.intercept = ({ method, params }) =>
    method === "sendMessage" ? UNREACHED.find(({ id }) => String(id) === String(params.chat_id))?.outcome() : undefined;
  for (const { id, name: first_name, says, reply, state } of UNREACHED) {
    prepareSteps(maker, { says, steps: [answer(reply)] });
    telegram.say({ text: says, from: { id, first_name }, chat: { id, first_name, type: "private" } });
    await until(`a message to ${first_name} is ${state}`, async () => {
      const { messages } = await send("GET", `/v1/channel-instances/${bot}/outbound?state=${state}`);
      return messages.some(({ error }: { readonly error?: string }) => error !== undefined);
    });
  }
}
