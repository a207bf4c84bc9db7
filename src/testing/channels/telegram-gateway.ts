import { FakeTelegram } from "#testing/channels/fake-telegram.ts";
import { untilState } from "#testing/channels/until-state.ts";
import { type ChatGateway, type ChatGatewayOptions, startChatGateway } from "#testing/chat-fixture.ts";

export interface TelegramGateway extends ChatGateway {
  /** Starts another server of Telegram with a bot of its own, and the instance that belongs to it. */
  aBot(config?: object, fields?: object): Promise<Bot>;
}

export interface Bot {
  readonly id: string;
  readonly name: string;
  readonly telegram: FakeTelegram;
  /** Waits until a chat has shown this many texts, and returns them all. */
  texts(count: number, chatId?: number | string): Promise<readonly string[]>;
}

/** The servers of a test file, whose ports the gateway may call. */
const SERVERS = 24;

/** Starts a gateway whose bots talk to servers of ours. Every bot has a server of its own. */
export async function startTelegramGateway(options: ChatGatewayOptions = {}): Promise<TelegramGateway> {
  const servers = Array.from({ length: SERVERS }, () => new FakeTelegram());
  const gateway = await startChatGateway({
    ...options,
    wires: ["openai"],
    allowHosts: servers.map(({ port }) => `127.0.0.1:${port}`),
  });
  let used = 0;
  return {
    ...gateway,
    async aBot(config = {}, fields = {}) {
      const telegram = servers[used++];
      if (!telegram) throw new Error("this file needs more servers");
      const name = `bot-${used}`;
      const answer = await gateway.call("POST", "/v1/channel-instances", {
        ...{ name, channel_type: "telegram", agent_id: "openai" },
        credentials: { token: telegram.token, api_server: telegram.apiRoot },
        config: { dm_policy: "open", ...config },
        ...fields,
      });
      if (answer.status !== 201) throw new Error(`the bot was not created: ${answer.text}`);
      const { id, enabled } = answer.body;
      if (enabled) await untilState(gateway, id, "healthy");
      return {
        ...{ id, name, telegram },
        async texts(count, chatId = 42) {
          while (telegram.textsIn(chatId).length < count) await Bun.sleep(10);
          return telegram.textsIn(chatId);
        },
      };
    },
    async stop() {
      await gateway.stop();
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}
