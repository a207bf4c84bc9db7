import { type Locale, type MessageKey, type MessageParams, negotiateLocale, translate } from "#base/i18n/translate.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import type { ChatDependencies } from "#features/channels/inbound/chat-dependencies.ts";
import { markHandled } from "#features/channels/inbound/mark-handled.ts";
import type { InboundState, ReceivedMessage } from "#features/channels/inbound/received-messages.ts";
import type { ChannelAccount } from "#features/channels/live/channel-accounts.ts";

/** Returns the language in which the gateway itself talks in a chat. */
export const localeOf = ({ config }: Pick<ChannelAccount, "config">, locale: string | undefined): Locale =>
  config.locale ?? negotiateLocale(locale);

/** Marks a message as handled, and answers it with the gateway's own words. Both are stored together. */
export async function answerMessage<Key extends MessageKey>(
  queries: TenantQueries,
  { outbox }: Pick<ChatDependencies, "outbox">,
  account: ChannelAccount,
  received: ReceivedMessage,
  state: InboundState,
  key: Key,
  params: MessageParams<Key>,
): Promise<void> {
  await markHandled(queries, [received], state);
  const { target, messageId, locale } = received.message;
  await outbox.add(queries, {
    account,
    key: `answer:${received.id}`,
    target,
    content: {
      text: translate(localeOf(account, locale), key, params),
      media: [],
      ...(target.kind === "group" && { replyTo: messageId }),
    },
    inboundId: received.id,
  });
}
