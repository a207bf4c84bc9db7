import { AppError, notFound } from "#base/errors.ts";
import { ChannelError, type InboundMessage } from "#channels/index.ts";
import type { Context } from "#core/context.ts";
import { lifecycle } from "#core/platform.ts";
import { awaitReply } from "#features/channels/inbound/await-reply.ts";
import type { DeliveryAnswer, DeliveryInput } from "#features/channels/inbound/schema.ts";
import { type ChannelAccount, channelAccounts } from "#features/channels/live/channel-accounts.ts";
import { channelReceive } from "#features/channels/live/channel-receive.ts";
import { answersInPlace } from "#features/channels/outbound/outbox.ts";

/**
 * Takes a request of a platform. It is answered when its messages are stored, or with the agent's answer where the
 * instance has no other way to deliver one. A message that comes again gets the answer of the first time.
 */
export async function receiveDelivery(ctx: Context, { instance, body }: DeliveryInput): Promise<DeliveryAnswer> {
  if (ctx.use(lifecycle).state !== "ready") throw new AppError("UNAVAILABLE", "error.unavailable", {});
  const account = await ctx.use(channelAccounts).find(instance);
  if (!account?.isServed) throw notFound("channel_instance", instance);
  const messages = await read(ctx, account, body);
  await ctx.use(channelReceive)(account, messages);
  const [message] = messages;
  if (!message || !answersInPlace(account)) return { status: "accepted" };
  return awaitReply(ctx, account, message);
}

async function read(ctx: Context, account: ChannelAccount, body: Uint8Array): Promise<readonly InboundMessage[]> {
  try {
    const channel = account.open();
    if (!channel.readDelivery) throw new ChannelError("forged", "the platform delivers nothing here");
    return await channel.readDelivery({ body, header: (name) => ctx.options.proof?.(name) });
  } catch (thrown) {
    if (!(thrown instanceof ChannelError)) throw thrown;
    throw toAppError(thrown);
  }
}

function toAppError({ kind, message }: ChannelError): AppError {
  switch (kind) {
    case "forged":
    case "credentials_missing":
      return new AppError("UNAUTHORIZED", "error.channel_forged", {}, { reason: "signature" });
    case "malformed":
      return new AppError("INVALID_REQUEST", "error.invalid_request", { detail: message });
    default:
      return new AppError("UNAVAILABLE", "error.unavailable", {}, { reason: kind });
  }
}
