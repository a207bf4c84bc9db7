import { afterAll, describe, expect, test } from "bun:test";
import { startChannelSite } from "#testing/channels/channel-site.ts";
import { ANN } from "#testing/channels/fake-telegram.ts";
import { deliver, PROGRAM_SECRET, startCallbackServer } from "#testing/channels/webhook-program.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 120_000;
const CHATS = [1, 2, 3, 4];
/** Kills at random moments. */
const KILLS = 6;

interface Run {
  readonly status: string;
  readonly input_preview: string;
}

describe.each([...testDialects()])("chats of a gateway that dies, on %s", async (dialect) => {
  const callbacks = startCallbackServer();
  const site = await startChannelSite(dialect, [`127.0.0.1:${callbacks.port}`]);
  const { call, kill, model, restart, telegram } = site;
  afterAll(async () => {
    await site.stop();
    await callbacks.stop();
  });
  model.script(({ messages }) => ({ text: `re: ${messages.at(-1)?.text}` }));
  const create = (name: string, channel_type: string, credentials: object, config: object) =>
    call("POST", "/v1/channel-instances", { name, channel_type, agent_id: "echo", credentials, config });
  const bot = await create(
    "bot",
    "telegram",
    { token: telegram.token, api_server: telegram.apiRoot },
    { dm_policy: "open" },
  );
  const program = await create("program", "webhook", { secret: PROGRAM_SECRET }, { callback_url: callbacks.url });
  const sayIn = (chat: number, text: string) =>
    telegram.say({ text, from: { ...ANN, id: chat }, chat: { id: chat, type: "private" } });
  const countOf = (text: string) => telegram.shown.filter((message) => message.text === text).length;
  /** What a chat was answered, line by line. */
  const linesIn = (chat: number) => telegram.textsIn(chat).flatMap((text) => text.replace("re: ", "").split("\n"));
  const until = async (condition: () => boolean | Promise<boolean>) => {
    while (!(await condition())) await Bun.sleep(20);
  };
  const runsOf = async (name: string, chat: number | string): Promise<readonly Run[]> => {
    const session = encodeURIComponent(`agent:echo:${name}:direct:${chat}`);
    return (await call("GET", `/v1/runs?session_key=${session}&limit=200`)).runs;
  };

  test(
    "an update that Telegram handed out right before the death is answered once",
    async () => {
      await until(async () => (await call("GET", `/v1/channel-instances/${bot.id}/status`)).state === "healthy");
      const handedOut = Promise.withResolvers<void>();
      telegram.intercept = ({ method, params }) => {
        if (method !== "getUpdates" || params.offset === 0) return undefined;
        handedOut.resolve();
        kill();
        return new Response(null, { status: 502 });
      };
      sayIn(10, "first");
      await handedOut.promise;
      telegram.intercept = undefined;
      await restart();
      await until(() => countOf("re: first") > 0);
      expect(await runsOf("bot", 10)).toHaveLength(1);
      expect(countOf("re: first")).toBe(1);
    },
    TIMEOUT,
  );

  test(
    "an answer that was on its way is not sent twice, and the next one is sent",
    async () => {
      const arrived = Promise.withResolvers<void>();
      telegram.intercept = ({ method, params }) => {
        if (method !== "sendMessage" || params.chat_id !== "11") return undefined;
        // It arrives, and the gateway never hears of that.
        telegram.shown.push({ id: 0, chatId: "11", text: "re: on its way" });
        kill();
        arrived.resolve();
        return new Response(null, { status: 502 });
      };
      sayIn(11, "on its way");
      await arrived.promise;
      telegram.intercept = undefined;
      await restart();
      sayIn(11, "next");
      await until(() => countOf("re: next") > 0);
      expect([countOf("re: on its way"), countOf("re: next")]).toEqual([1, 1]);
    },
    TIMEOUT,
  );

  test(
    "a message that was acknowledged to a program is answered, with one delivery",
    async () => {
      const { status } = await deliver(site.site, program.id, { message_id: "kept", text: "acknowledged" });
      kill();
      expect(status).toBe(200);
      await restart();
      await until(() => callbacks.received.some(({ body }) => body.text === "re: acknowledged"));
      const again = await deliver(site.site, program.id, { message_id: "kept", text: "acknowledged" });
      expect(again.status).toBe(200);
      expect(await runsOf("program", "ann")).toHaveLength(1);
      const ids = callbacks.received.map(({ body }) => body.delivery_id);
      expect(new Set(ids).size).toBe(1);
    },
    TIMEOUT,
  );

  test(
    "an answer that a program had when the gateway died comes again, and it recognises the delivery",
    async () => {
      const isOwn = ({ body }: { readonly body: { readonly text: string } }) => body.text === "re: twice";
      callbacks.answer = (callback) => {
        if (isOwn(callback)) kill();
        callbacks.answer = () => new Response("ok");
        return new Response("ok");
      };
      await deliver(site.site, program.id, { message_id: "twice", text: "twice" });
      await until(() => callbacks.received.some(isOwn));
      await restart();
      await until(() => callbacks.received.filter(isOwn).length === 2);
      const ids = callbacks.received.filter(isOwn).map(({ body }) => body.delivery_id);
      expect(new Set(ids).size).toBe(1);
    },
    TIMEOUT,
  );

  test(
    "nothing is lost and nothing doubled, whenever it dies",
    async () => {
      const said: { readonly chat: number; readonly text: string }[] = [];
      const killer = async () => {
        for (let kills = 0; kills < KILLS; kills++) {
          await Bun.sleep(100 + Math.random() * 500);
          kill();
          await restart();
        }
      };
      const talker = async () => {
        for (let round = 0; round < 12; round++) {
          for (const chat of CHATS) {
            said.push({ chat, text: `${chat}-${round}` });
            sayIn(chat, `${chat}-${round}`);
          }
          await Bun.sleep(150);
        }
      };
      await Promise.all([killer(), talker()]);
      // These come after all others, because a chat is served in order.
      for (const chat of CHATS) sayIn(chat, `${chat}-last`);
      await until(() => CHATS.every((chat) => linesIn(chat).includes(`${chat}-last`)));
      const runs = (await Promise.all(CHATS.map((chat) => runsOf("bot", chat)))).flat();
      expect(runs.filter(({ status }) => status !== "completed")).toEqual([]);
      // Messages that waited together are one turn, with a line for each.
      const asked = runs.flatMap(({ input_preview }) => input_preview.split("\n"));
      const all = [...said, ...CHATS.map((chat) => ({ chat, text: `${chat}-last` }))];
      expect(asked.toSorted()).toEqual(all.map(({ text }) => text).toSorted());
      const counts = said.map(({ chat, text }) => linesIn(chat).filter((line) => line === text).length);
      expect(counts.filter((count) => count > 1)).toEqual([]);
      // At most the message that each chat had on its way at a kill has an unknown outcome.
      const turns = new Set(runs.map(({ input_preview }) => input_preview)).size;
      const shown = CHATS.flatMap((chat) => telegram.textsIn(chat)).length;
      expect(turns - shown).toBeLessThanOrEqual(KILLS * CHATS.length);
      for (const chat of CHATS) {
        const rounds = linesIn(chat).flatMap((line) => (line.endsWith("last") ? [] : Number(line.split("-")[1])));
        expect(rounds).toEqual(rounds.toSorted((a, b) => a - b));
      }
    },
    TIMEOUT,
  );
});
