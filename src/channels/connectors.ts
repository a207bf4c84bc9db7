import type { Connector } from "#channels/channel.ts";
import { openTelegramChannel } from "#channels/telegram/open-telegram-channel.ts";
import type { ChannelTypeName } from "#channels/types/channel-types.ts";
import { openWebhookChannel } from "#channels/webhook/open-webhook-channel.ts";

/** The platforms that the gateway can talk to. Instances of other types are stored and report that they cannot work. */
export const CONNECTORS: Partial<Readonly<Record<ChannelTypeName, Connector>>> = {
  telegram: openTelegramChannel,
  webhook: openWebhookChannel,
};
