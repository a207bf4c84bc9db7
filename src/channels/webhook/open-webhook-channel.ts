import { SECOND } from "#base/clock.ts";
import { download } from "#base/egress/download.ts";
import type { Channel, ChatTarget, Connector, OutboundPart } from "#channels/channel.ts";
import { ChannelError } from "#channels/channel-error.ts";
import { splitContent } from "#channels/text/split-content.ts";
import { toChannelError } from "#channels/to-channel-error.ts";
import { WebhookConfig } from "#channels/types/channel-types.ts";
import { isSigned, SIGNATURE_HEADERS, signBody } from "#channels/webhook/signature.ts";
import { parseWebhookMessage } from "#channels/webhook/webhook-message.ts";

const SEND_MS = 30 * SECOND;
const DOWNLOAD_MS = 60 * SECOND;
const MAX_TEXT_CHARS = 100_000;
const MAX_MEDIA_BYTES = 20 * 1_024 * 1_024;
/** The longest pause that a receiver may ask for, in seconds. */
const MAX_RETRY_AFTER = 3_600;

/** Opens an instance of the type `webhook`: a program that signs its messages, and that gets signed ones back. */
export const openWebhookChannel: Connector = ({ credentials, config }, { fetch, clock }): Channel => {
  const { secret } = credentials;
  const { callback_url: callbackUrl } = WebhookConfig.parse(config ?? {});

  const post = async (body: string, deliveryId: string): Promise<Response> => {
    if (callbackUrl === undefined) throw new ChannelError("chat_gone", "the instance has no callback_url");
    if (!secret || secret.isEmpty) throw missingSecret();
    const headers = { "content-type": "application/json", "x-goclaw-delivery": deliveryId };
    return fetch(callbackUrl, {
      method: "POST",
      headers: { ...headers, ...signBody(body, secret, clock.now()) },
      body,
      redirect: "error",
      signal: AbortSignal.timeout(SEND_MS),
    });
  };

  return {
    capabilities: {
      maxTextChars: MAX_TEXT_CHARS,
      maxMediaBytes: MAX_MEDIA_BYTES,
      canEdit: false,
      recognisesRepeats: true,
    },
    async check() {
      if (!secret || secret.isEmpty) throw missingSecret();
      return { id: "webhook", name: callbackUrl === undefined ? "answers in place" : new URL(callbackUrl).host };
    },
    async readDelivery({ body, header }) {
      const signed = {
        body,
        timestamp: header(SIGNATURE_HEADERS.timestamp),
        signature: header(SIGNATURE_HEADERS.signature),
      };
      if (!secret || !isSigned(signed, secret, clock)) throw new ChannelError("forged", "the signature does not fit");
      return [parseWebhookMessage(body)];
    },
    split: (content) => splitContent(content, MAX_TEXT_CHARS),
    async send(target, part, { deliveryId, load }) {
      const body = JSON.stringify(await toBody(target, part, deliveryId, load));
      const response = await post(body, deliveryId).catch((thrown: unknown) => {
        throw toChannelError(thrown);
      });
      await response.body?.cancel();
      requireTaken(response);
      return deliveryId;
    },
    download: async ({ reference }, maxBytes, signal) => {
      const options = { maxBytes, timeoutMs: DOWNLOAD_MS, signal };
      const { bytes } = await download(fetch, reference, options).catch((thrown: unknown) => {
        throw toChannelError(thrown);
      });
      return bytes;
    },
  };
};

const missingSecret = () => new ChannelError("credentials_missing", "the instance has no secret");

async function toBody(
  { kind, chatId, threadId }: ChatTarget,
  part: OutboundPart,
  deliveryId: string,
  load: Parameters<Channel["send"]>[2]["load"],
) {
  const place = { delivery_id: deliveryId, chat_kind: kind, chat_id: chatId, thread_id: threadId };
  if (part.kind === "text") return { ...place, text: part.text, reply_to: part.replyTo };
  const { name, mediaType } = part.media;
  const data = Buffer.from(await load(part.media)).toString("base64");
  return { ...place, text: part.caption, media: { name, media_type: mediaType, data } };
}

/** Throws unless the receiver took the message. It recognises a repetition, so most failures are worth one. */
function requireTaken({ status, headers }: Response): void {
  if (status < 300) return;
  const seconds = Number(headers.get("retry-after"));
  const retryAfterMs = (Number.isFinite(seconds) ? Math.min(MAX_RETRY_AFTER, Math.max(0, seconds)) : 0) * SECOND;
  const message = `the receiver answered ${status}`;
  if (status === 429) throw new ChannelError("rate_limited", message, { retryAfterMs });
  if (status === 410) throw new ChannelError("chat_gone", message);
  if (status >= 500 || status === 408) throw new ChannelError("unavailable", message, { retryAfterMs });
  throw new ChannelError("refused", message);
}
