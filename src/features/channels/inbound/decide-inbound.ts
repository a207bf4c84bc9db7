import type { ChatTarget, CommonConfig, GroupConfig, InboundMessage, Sender } from "#channels/index.ts";
import { type ChatCommand, parseCommand } from "#features/channels/commands/parse-command.ts";

/** What the gateway does with a message. */
export type Decision =
  | { readonly kind: "ignore"; readonly reason: string }
  /** Kept for the agent to read with the next message that is for it. */
  | { readonly kind: "remember" }
  /** The sender, or the group, has to be paired first. */
  | { readonly kind: "pair"; readonly subject: string }
  | { readonly kind: "command"; readonly command: ChatCommand }
  | { readonly kind: "run" };

/** Returns whom a pairing of this message would let in: the group, or else the sender. */
export const pairingSubject = ({ target, sender }: Pick<InboundMessage, "target" | "sender">): string =>
  target.kind === "group" ? `group:${target.chatId}` : `user:${sender.id}`;

/** Decides about a message. `isPaired` says whether its `pairingSubject` was approved. */
export function decideInbound(message: InboundMessage, config: CommonConfig, isPaired: boolean): Decision {
  const admission = admit(message, config, isPaired);
  if (admission !== "admitted") return admission;
  const command = parseCommand(message.text);
  if (message.target.kind === "group" && needsMention(message.target, config) && !message.isMention)
    return { kind: "remember" };
  return command === undefined ? { kind: "run" } : { kind: "command", command };
}

const admit = (message: InboundMessage, config: CommonConfig, isPaired: boolean): "admitted" | Decision =>
  message.target.kind === "group" ? admitToGroup(message, config, isPaired) : admitInPrivate(message, config, isPaired);

function admitInPrivate(message: InboundMessage, config: CommonConfig, isPaired: boolean): "admitted" | Decision {
  const isListed = isAmong(config.allow_from, message.sender);
  switch (config.dm_policy) {
    case "open":
      return "admitted";
    case "disabled":
      return { kind: "ignore", reason: "dm_disabled" };
    case "allowlist":
      return isListed ? "admitted" : { kind: "ignore", reason: "not_listed" };
    case "pairing":
      return isListed || isPaired ? "admitted" : { kind: "pair", subject: pairingSubject(message) };
  }
}

function admitToGroup(message: InboundMessage, config: CommonConfig, isPaired: boolean): "admitted" | Decision {
  const { target, sender } = message;
  const group = findGroup(target, config);
  if (group.enabled === false) return { kind: "ignore", reason: "group_disabled" };
  if (group.allow_from && group.allow_from.length > 0 && !isAmong(group.allow_from, sender))
    return { kind: "ignore", reason: "not_listed" };
  const isListed =
    config.group_allow_from.includes(target.chatId) ||
    Object.hasOwn(config.groups, target.chatId) ||
    isAmong(config.allow_from, sender);
  switch (group.group_policy ?? config.group_policy) {
    case "open":
      return "admitted";
    case "disabled":
      return { kind: "ignore", reason: "groups_disabled" };
    case "allowlist":
      return isListed ? "admitted" : { kind: "ignore", reason: "not_listed" };
    case "pairing":
      if (isListed || isPaired) return "admitted";
      // A group in which nobody asks the agent for anything gets no code.
      return message.isMention
        ? { kind: "pair", subject: pairingSubject(message) }
        : { kind: "ignore", reason: "unpaired" };
  }
}

/** Returns the settings of a group: its own, or those of all others. */
export const findGroup = ({ chatId }: ChatTarget, { groups }: CommonConfig): GroupConfig =>
  (Object.hasOwn(groups, chatId) ? groups[chatId] : groups["*"]) ?? {};

const needsMention = (target: ChatTarget, config: CommonConfig): boolean =>
  findGroup(target, config).require_mention ?? config.require_mention;

/** Entries are ids, @names, or both as `id|name`. `*` is everybody. Names are compared without regard to case. */
function isAmong(entries: readonly string[], { id, username }: Sender): boolean {
  const name = username?.toLowerCase();
  return entries.some((entry) => {
    const words = entry.split("|").map((word) => word.trim());
    return words.some((word) => word === "*" || word === id || (name !== undefined && toName(word) === name));
  });
}

const toName = (word: string) => word.replace(/^@/, "").toLowerCase();
