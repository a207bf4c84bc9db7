import { z } from "zod";
import { AppError } from "#base/errors.ts";
import { defineJob, type JobHandler } from "#core/jobs/job-queue.ts";
import { answerMessage } from "#features/channels/inbound/answer-message.ts";
import type { ChatDependencies } from "#features/channels/inbound/chat-dependencies.ts";
import { rememberMessage } from "#features/channels/inbound/chat-state.ts";
import { type Decision, decideInbound, pairingSubject } from "#features/channels/inbound/decide-inbound.ts";
import { HandledError, markHandled } from "#features/channels/inbound/mark-handled.ts";
import { type ReceivedMessage, readReceived } from "#features/channels/inbound/received-messages.ts";
import { HANDLE_CHAT } from "#features/channels/inbound/store-inbound.ts";
import { takeTurn } from "#features/channels/inbound/take-turn.ts";
import type { ChannelAccount } from "#features/channels/live/channel-accounts.ts";
import { askForPairing } from "#features/channels/pairing/ask-for-pairing.ts";
import { isPaired } from "#features/channels/pairing/pairings.ts";

const Payload = z.object({ instance_id: z.string(), chat_key: z.string() });

/** One attempt at the messages of a chat. */
export interface ChatAttempt {
  readonly account: ChannelAccount;
  /** The number of the attempt, from 1. */
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/**
 * Creates the job that handles the messages of a chat, one after the other. The effect of a message is stored together
 * with the mark that it is handled. A job that runs again begins where the last one ended.
 */
export const createHandleJob = (dependencies: ChatDependencies): JobHandler =>
  defineJob({
    name: HANDLE_CHAT,
    payload: Payload,
    async run({ db, payload, attempt, signal }) {
      const account = await dependencies.accounts.find(payload.instance_id);
      // The messages of an instance that is switched off wait until it is on again.
      if (!account?.isServed) return;
      const current: ChatAttempt = { account, attempt, signal };
      for (;;) {
        signal.throwIfAborted();
        const [first, ...rest] = await readReceived(db.read, account.id, payload.chat_key);
        if (!first) return;
        await handle(first, rest, current, dependencies).catch((thrown: unknown) => {
          if (!(thrown instanceof HandledError)) throw thrown;
        });
      }
    },
  });

async function handle(
  first: ReceivedMessage,
  rest: readonly ReceivedMessage[],
  current: ChatAttempt,
  dependencies: ChatDependencies,
): Promise<void> {
  const { account } = current;
  const { db, config } = account;
  const { clock } = dependencies;
  const { message } = first;
  const decision = await decide(first, account);
  switch (decision.kind) {
    case "ignore":
      return db.write((queries) => markHandled(queries, [first], "ignored"));
    case "remember":
      return db.write(async (queries) => {
        await markHandled(queries, [first], config.history_limit > 0 ? "remembered" : "ignored");
        if (config.history_limit > 0)
          await rememberMessage(queries, account.id, message, config.history_limit, clock.now());
      });
    case "pair":
      return askForPairing(first, decision.subject, account, dependencies);
    case "command":
    case "run":
      return takeTurn(
        first,
        await sameTurn(first, rest, account, decision, dependencies),
        decision,
        current,
        dependencies,
      ).catch((thrown: unknown) => refuse(thrown, first, account, dependencies));
  }
}

async function decide({ message }: ReceivedMessage, account: ChannelAccount): Promise<Decision> {
  const decision = decideInbound(message, account.config, false);
  const dependsOnPairing = decision.kind === "pair" || (decision.kind === "ignore" && decision.reason === "unpaired");
  if (!dependsOnPairing) return decision;
  const isKnown = await isPaired(account.db.read, account.id, pairingSubject(message));
  return isKnown ? decideInbound(message, account.config, true) : decision;
}

/** Returns the messages that follow at once from the same sender, as far as they fit into one with the first. */
async function sameTurn(
  { message }: ReceivedMessage,
  rest: readonly ReceivedMessage[],
  account: ChannelAccount,
  decision: Decision,
  { limits }: ChatDependencies,
): Promise<readonly ReceivedMessage[]> {
  if (decision.kind !== "run") return [];
  const own: ReceivedMessage[] = [];
  let room = limits().maxMessageChars - message.text.length;
  for (const next of rest) {
    if (next.message.sender.id !== message.sender.id) break;
    if ((await decide(next, account)).kind !== "run") break;
    room -= next.message.text.length + 1;
    if (room < 0) break;
    own.push(next);
  }
  return own;
}

/** Tells the chat why its message has no run. Throws what another attempt may mend. */
async function refuse(
  thrown: unknown,
  received: ReceivedMessage,
  account: ChannelAccount,
  dependencies: ChatDependencies,
): Promise<void> {
  if (!(thrown instanceof AppError) || thrown.code === "UNAVAILABLE") throw thrown;
  const isFull = thrown.options.reason === "queue_full";
  // The gateway as a whole has too much to do. That passes.
  if (thrown.code === "RESOURCE_EXHAUSTED" && !isFull) throw thrown;
  const key = isFull ? "channel.queue_full" : "channel.refused";
  await account.db.write((queries) => answerMessage(queries, dependencies, account, received, "refused", key, {}));
}
