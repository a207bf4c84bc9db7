import { createHash } from "node:crypto";
import { LIMITS } from "#base/limits.ts";
import type { InboundMessage } from "#channels/index.ts";
import { isUserId, toIdentity } from "#core/access/identity.ts";
import type { ChannelAccount } from "#features/channels/live/channel-accounts.ts";

export interface ChatSession {
  readonly key: string;
  /** The user for whom the agent works: the sender, or the group as a whole. */
  readonly userId: string;
}

/**
 * Returns the session of a chat. A private chat belongs to its sender, and a group to all who write there. Users of
 * platforms have the name of the platform in their ids, so two platforms never share a user. A program vouches for its
 * own users.
 */
export function sessionOfChat(
  { type, name }: Pick<ChannelAccount, "type" | "name">,
  agentKey: string,
  { target, sender }: Pick<InboundMessage, "target" | "sender">,
  sessionChatId: string,
): ChatSession {
  const { kind, threadId } = target;
  const thread = threadId === undefined ? "" : kind === "group" ? `:topic:${threadId}` : `:thread:${threadId}`;
  const peer = kind === "group" ? sessionChatId : sender.id;
  const userId =
    kind === "group" ? `group:${name}:${sessionChatId}` : type === "webhook" ? sender.id : `${type}:${sender.id}`;
  return {
    key: withinKey(`agent:${agentKey}:${name}:${kind}:`, `${toIdentity(peer)}${thread}`),
    userId: toUserId(userId),
  };
}

/** Long ids of a platform are replaced by their digests. */
const withinKey = (head: string, rest: string): string =>
  Buffer.byteLength(head + rest) <= LIMITS.sessionKeyBytes ? head + rest : head + digest(rest);

function toUserId(text: string): string {
  const id = toIdentity(text);
  return isUserId(id) ? id : `channel:${digest(id)}`;
}

const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 40);
