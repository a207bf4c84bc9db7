import { z } from "zod";
import { failedPrecondition, notFound } from "#base/errors.ts";
import { newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { ACCESS } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { defineOperation } from "#core/operation.ts";
import { messageSent } from "#features/channels/events.ts";
import { chatKeyOf } from "#features/channels/inbound/chat-key.ts";
import { channelAccounts } from "#features/channels/live/channel-accounts.ts";
import { channelOutbox } from "#features/channels/live/channel-services.ts";
import { answersInPlace } from "#features/channels/outbound/outbox.ts";
import { findInstanceByName } from "#features/channels/rpc/find-instance.ts";
import { findKnownChat } from "#features/channels/tools/known-chats.ts";

const SendInput = z.object({
  channel: z.string().min(1).max(100).describe("The name of an instance"),
  to: z.string().min(1).max(600).describe("A chat whose people wrote before, such as `direct:42`"),
  message: z.string().min(1, "field.empty").max(LIMITS.delegationTaskChars),
});
type SendInput = z.output<typeof SendInput>;

export const sendOperations = [
  defineOperation({
    name: "channels.send",
    access: ACCESS.run,
    runsOnce: true,
    summary: "Write to a chat",
    description: "Stored first, and then sent in the order of the chat. Only those who wrote before can be written to.",
    input: SendInput,
    output: z.object({ ok: z.literal(true), channel: z.string(), to: z.string() }),
    errors: ["FAILED_PRECONDITION"],
    audit: messageSent,
    run: sendMessage,
  }),
];

async function sendMessage(ctx: Context, { channel, to, message }: SendInput) {
  const account = await ctx.use(channelAccounts).find(await findInstanceByName(ctx, channel));
  if (!account?.isServed) throw failedPrecondition("error.channel_off", { channel }, "channel_off");
  if (answersInPlace(account)) throw failedPrecondition("error.channel_answers_only", { channel }, "answers_only");
  const target = await findKnownChat(ctx.db.read, account.id, to);
  if (!target) throw notFound("chat", to);
  const key = chatKeyOf(target);
  return mutate(ctx, messageSent, async (queries) => {
    const content = { text: message, media: [] };
    const id = await ctx.use(channelOutbox).add(queries, { account, target, key: `send:${newId()}`, content });
    const value = { ok: true as const, channel, to: key };
    return { entityId: id ?? account.id, value, details: { instance: account.name, target: key } };
  });
}
