import { createHmac, timingSafeEqual } from "node:crypto";
import type { Update } from "grammy/types";
import type { RawApi } from "grammy/web";
import { SECOND } from "#base/clock.ts";
import { download } from "#base/egress/download.ts";
import { isRecord } from "#base/json.ts";
import type { Secret } from "#base/secret.ts";
import type { Channel, Connector, ListenOptions } from "#channels/channel.ts";
import { ChannelError } from "#channels/channel-error.ts";
import { editTelegramMessage, placeOf, sendTelegramPart } from "#channels/telegram/send-telegram-part.ts";
import { TelegramClient } from "#channels/telegram/telegram-client.ts";
import { type Bot, toInboundMessage } from "#channels/telegram/telegram-update.ts";
import { UnchangedError } from "#channels/telegram/to-telegram-error.ts";
import { splitContent } from "#channels/text/split-content.ts";
import { toChannelError } from "#channels/to-channel-error.ts";
import { TelegramConfig } from "#channels/types/channel-types.ts";

/** Telegram takes 4,096. Some characters count as more there than in a text of ours. */
const MAX_TEXT_CHARS = 4_000;
const MAX_UPLOAD_BYTES = 50 * 1_024 * 1_024;
const POLL_SECONDS = 30;
/** How long a poll may stay without an answer, in milliseconds. */
const SILENCE_MS = (POLL_SECONDS + 15) * SECOND;
const UPDATES = 100;
const DOWNLOAD_MS = 60 * SECOND;
const ALLOWED = ["message"] as const;
const SECRET_HEADER = "x-telegram-bot-api-secret-token";

/** Opens a bot of Telegram. */
export const openTelegramChannel: Connector = (account, { fetch, clock, telegramApi }): Channel => {
  const { token, proxy, api_server: server } = account.credentials;
  const config = TelegramConfig.parse(account.config ?? {});
  if (!token || token.isEmpty) throw new ChannelError("credentials_missing", "the instance has no token");
  if (proxy && !proxy.isEmpty)
    throw new ChannelError("unsupported", "the gateway's own proxy is used, never one of an instance: remove `proxy`");
  const apiRoot = (server?.reveal() ?? telegramApi).replace(/\/+$/, "");
  const client = new TelegramClient({ token, apiRoot, fetch, clock });
  const sender = { client, showsLinks: config.link_preview };
  const secret = webhookSecret(account.credentials.webhook_secret, token, account.instanceId);
  let identity: Promise<Bot> | undefined;

  /** Asks who we are once. A failure is asked again. */
  const findBot = (): Promise<Bot> => {
    identity ??= client
      .call((api) => api.getMe())
      .then(({ id, username }) => ({ id, username }))
      .catch((thrown: unknown) => {
        identity = undefined;
        throw thrown;
      });
    return identity;
  };

  const channel: Channel = {
    capabilities: {
      maxTextChars: MAX_TEXT_CHARS,
      maxMediaBytes: MAX_UPLOAD_BYTES,
      canEdit: true,
      recognisesRepeats: false,
    },
    async check() {
      identity = undefined;
      const { id, username } = await findBot();
      await (config.connection_mode === "webhook"
        ? registerWebhook(client, config.webhook_url, account.instanceId, secret)
        : client.call((api) => api.deleteWebhook({ drop_pending_updates: false })));
      return { id: String(id), name: `@${username}` };
    },
    async readDelivery({ body, header }) {
      const given = header(SECRET_HEADER) ?? "";
      if (config.connection_mode !== "webhook" || !isEqual(given, secret))
        throw new ChannelError("forged", "the secret token does not fit");
      const message = toInboundMessage(parseUpdate(body), await findBot());
      return message ? [message] : [];
    },
    split: (content) => splitContent(content, MAX_TEXT_CHARS),
    send: (target, part, options) => sendTelegramPart(sender, target, part, options),
    edit: (target, messageId, text) =>
      editTelegramMessage(sender, target, messageId, text).catch((thrown: unknown) => {
        if (!(thrown instanceof UnchangedError)) throw thrown;
      }),
    async showTyping(target) {
      await client.call((api) => api.sendChatAction({ ...placeOf(target), action: "typing" }));
    },
    async download({ reference }, maxBytes, signal) {
      const { file_path: path } = await client.call((api) => api.getFile({ file_id: reference }));
      if (path === undefined) throw new ChannelError("refused", "Telegram does not hand out this file");
      const options = { maxBytes, timeoutMs: DOWNLOAD_MS, signal };
      const { bytes } = await download(fetch, client.fileUrl(path), options).catch((thrown: unknown) => {
        throw toChannelError(thrown);
      });
      return bytes;
    },
  };
  if (config.connection_mode === "webhook") {
    const leave = async () => void (await client.call((api) => api.deleteWebhook({ drop_pending_updates: false })));
    return { ...channel, leave };
  }
  return { ...channel, listen: async (options) => poll(client, await findBot(), options) };
};

/** Takes updates until the signal aborts. An update counts as taken when it is stored, and comes again otherwise. */
async function poll(client: TelegramClient, bot: Bot, { receive, onAlive, signal }: ListenOptions): Promise<void> {
  let offset = 0;
  while (!signal.aborted) {
    const wanted = { offset, timeout: POLL_SECONDS, limit: UPDATES, allowed_updates: [...ALLOWED] };
    // A connection that died without a word would otherwise look like a platform where nobody writes.
    const silence = AbortSignal.any([signal, AbortSignal.timeout(SILENCE_MS)]);
    const updates = await client
      .call((api) => api.getUpdates(wanted, toApiSignal(silence)))
      .catch((thrown: unknown) => {
        if (signal.aborted) return [];
        throw thrown;
      });
    if (signal.aborted) return;
    onAlive();
    await receive(updates.flatMap((update) => toInboundMessage(update, bot) ?? []));
    offset = updates.reduce((next, { update_id }) => Math.max(next, update_id + 1), offset);
  }
}

/** Safe: grammY only listens to it. Its types name the signal of a package that this build of it does not use. */
const toApiSignal = (signal: AbortSignal) => signal as unknown as Parameters<RawApi["getUpdates"]>[1];

async function registerWebhook(
  client: TelegramClient,
  base: string | undefined,
  instanceId: string,
  secret: string,
): Promise<void> {
  if (base === undefined) throw new ChannelError("unsupported", "the mode webhook needs webhook_url");
  const url = `${base.replace(/\/+$/, "")}/v1/channels/webhook/${instanceId}`;
  await client.call((api) => api.setWebhook({ url, secret_token: secret, allowed_updates: [...ALLOWED] }));
}

/** The secret by which Telegram proves itself. Without one of the instance, it follows from the token. */
function webhookSecret(own: Secret | undefined, token: Secret, instanceId: string): string {
  if (own && !own.isEmpty) return own.reveal();
  return createHmac("sha256", token.reveal()).update(`webhook:${instanceId}`).digest("hex");
}

/** Compares digests of one length, so the time tells nothing. */
function isEqual(given: string, expected: string): boolean {
  const digest = (text: string) => createHmac("sha256", "compare").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function parseUpdate(body: Uint8Array): Update {
  try {
    const update: unknown = JSON.parse(new TextDecoder().decode(body));
    // Safe: the sender proved to be Telegram, and a message without its fields is left out.
    if (isRecord(update) && typeof update.update_id === "number") return update as unknown as Update;
  } catch {
    // It is refused below.
  }
  throw new ChannelError("malformed", "the body is no update of Telegram");
}
