import { mutateAs } from "#core/mutate.ts";
import { pairingRequested } from "#features/channels/events.ts";
import { answerMessage } from "#features/channels/inbound/answer-message.ts";
import type { ChatDependencies } from "#features/channels/inbound/chat-dependencies.ts";
import { markHandled } from "#features/channels/inbound/mark-handled.ts";
import type { ReceivedMessage } from "#features/channels/inbound/received-messages.ts";
import type { ChannelAccount } from "#features/channels/live/channel-accounts.ts";
import { requestPairing } from "#features/channels/pairing/pairings.ts";

/** Gives the sender of a message, or its group, a code that an administrator has to approve. */
export async function askForPairing(
  received: ReceivedMessage,
  subject: string,
  account: ChannelAccount,
  dependencies: ChatDependencies,
): Promise<void> {
  const { clock, events } = dependencies;
  const author = { db: account.db, actor: { kind: "channel", name: account.name }, events, now: clock.now() } as const;
  await mutateAs(author, pairingRequested, async (queries) => {
    const asked = await requestPairing(queries, account.id, subject, received.message, clock);
    if (asked.kind === "silent") {
      await markHandled(queries, [received], "ignored");
      return { unchanged: undefined };
    }
    await answerMessage(queries, dependencies, account, received, "answered", "channel.pairing", { code: asked.code });
    if (!asked.isNew) return { unchanged: undefined };
    const details = { instance: account.name, subject };
    const eventOnly = { code: asked.code, chat_id: received.message.target.chatId };
    return { entityId: asked.pairingId, value: undefined, details, eventOnly };
  });
}
