import type { InboundMessage } from "#channels/index.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import type { StoredAgent } from "#features/agents/index.ts";
import type { RememberedMessage } from "#features/channels/inbound/chat-state.ts";
import { findGroup } from "#features/channels/inbound/decide-inbound.ts";
import type { ReceivedMessage } from "#features/channels/inbound/received-messages.ts";
import type { ChatSession } from "#features/channels/inbound/session-of-chat.ts";
import type { ChannelAccount } from "#features/channels/live/channel-accounts.ts";
import type { ChannelOrigin } from "#features/channels/outbound/channel-origin.ts";
import { readOnBusy } from "#features/runs/index.ts";
import type { RunRequest } from "#runtime/runs/index.ts";
import type { MessagePart } from "#runtime/transcript/index.ts";

/** Messages of one sender that the agent reads as one. */
export interface ChatTurn {
  readonly account: ChannelAccount;
  readonly agent: StoredAgent;
  readonly session: ChatSession;
  readonly messages: readonly [ReceivedMessage, ...ReceivedMessage[]];
  readonly history: readonly RememberedMessage[];
  /** The loaded files of the messages. */
  readonly media: readonly MessagePart[];
  readonly onStored: (queries: TenantQueries, runId: string) => Promise<void>;
}

/** Makes the request for a run of a chat. */
export function toRunRequest({ account, agent, session, messages, history, media, onStored }: ChatTurn): RunRequest {
  const [first] = messages;
  const { message } = messages.at(-1) ?? first;
  const origin: ChannelOrigin = {
    instance_id: account.id,
    name: account.name,
    type: account.type,
    target: message.target,
    sender: { id: message.sender.id, name: message.sender.name },
    inbound_id: first.id,
    ...(message.target.kind === "group" && message.messageId !== undefined && { reply_to: message.messageId }),
    locale: account.config.locale ?? message.locale ?? "en",
  };
  return {
    agent: { id: agent.id, key: agent.key },
    session: {
      key: session.key,
      agentId: agent.id,
      agentKey: agent.key,
      userId: session.userId,
      channel: account.name,
      mayUseAny: true,
    },
    kind: "channel",
    isAttached: false,
    onBusy: account.config.on_busy ?? readOnBusy(agent) ?? "queue",
    messages: [{ role: "user", parts: [{ type: "text", text: toText(messages, history) }, ...media] }],
    options: { settings: {}, clientTools: [], wantsTitle: true, instructions: toInstructions(account, message) },
    metadata: { channel: origin },
    onStored,
  };
}

function toText(messages: ChatTurn["messages"], history: readonly RememberedMessage[]): string {
  const [{ message }] = messages;
  const text = messages.map((received) => received.message.text).join("\n");
  if (message.target.kind === "direct") return text;
  const own = `[${toLabel(message.sender.name)}] ${text}`;
  if (history.length === 0) return own;
  const before = history.map(({ name, text: said }) => `[${toLabel(name)}] ${said}`).join("\n");
  return `[Messages in this group since your last turn]\n${before}\n[The message for you]\n${own}`;
}

const LABEL_CHARS = 60;

/** People choose their names, which must neither end their brackets nor begin a line. */
const toLabel = (name: string): string =>
  name
    .replaceAll(/[\p{Cc}\p{Cf}[\]]/gu, " ")
    .trim()
    .slice(0, LABEL_CHARS) || "unknown";

function toInstructions({ type, config }: ChannelAccount, { target }: InboundMessage): string {
  if (target.kind === "direct") return `This is a private chat on ${type}.`;
  const own = findGroup(target, config).system_prompt ?? "";
  const about = `This is a group chat on ${type}. Each message names its author in brackets. Answer NO_REPLY to stay silent.`;
  return own === "" ? about : `${about}\n\n${own}`;
}
