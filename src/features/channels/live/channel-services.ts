import { defineService } from "#core/service.ts";
import type { ChatQuota } from "#features/channels/inbound/find-exceeded-quota.ts";
import type { RunPresence } from "#features/channels/live/run-presence.ts";
import type { Outbox } from "#features/channels/outbound/outbox.ts";

/** Messages that go to chats. */
export const channelOutbox = defineService<Outbox>("channel-outbox");

export const runPresence = defineService<RunPresence>("channel-presence");

/** What people may send in chats. */
export interface ChatLimits {
  /** The longest message of a person, in characters. */
  readonly maxMessageChars: number;
  readonly quota: ChatQuota;
}

export interface ChannelSettings {
  /** Returns the present limits. They can change at any time. */
  readonly limits: () => ChatLimits;
  readonly workspaceOf: (tenantId: string, agentId: string, name: string) => string;
}

export const channelSettings = defineService<ChannelSettings>("channel-settings");
