import { SECOND } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { ChannelError } from "#channels/index.ts";
import { PostponedError } from "#core/jobs/job-queue.ts";
import { isDatabaseFault } from "#db/errors.ts";
import type { DeliverDependencies } from "#features/channels/outbound/deliver-chat.ts";
import { type OutboundRecord, TakenOverError } from "#features/channels/outbound/outbound-record.ts";

const FIRST_PAUSE = 1 * SECOND;
const FAULT_ATTEMPTS = 3;

/**
 * Decides about a message that could not be sent. Stores the decision, and throws `PostponedError` if the message goes
 * out later. `mayRepeat` says whether the receiver recognises a message that comes twice. What is no failure of the
 * platform is thrown on.
 */
export async function handleSendFailure(
  thrown: unknown,
  record: OutboundRecord,
  mayRepeat: boolean,
  dependencies: DeliverDependencies,
): Promise<void> {
  if (thrown instanceof TakenOverError) return;
  if (!(thrown instanceof ChannelError)) return handleFault(thrown, record, dependencies);
  switch (thrown.kind) {
    case "chat_moved":
      return record.moveTo(thrown.options.movedTo ?? "", dependencies.outbox);
    case "outcome_unknown":
      return record.hasOpenPart && !mayRepeat ? record.skipPart(thrown.message) : retry(thrown, record, dependencies);
    case "refused":
    case "chat_gone":
    case "forged":
    case "malformed":
      return record.fail(thrown.message);
    case "unavailable":
    case "forbidden":
    case "rate_limited":
    case "conflict":
    case "credentials_refused":
    case "credentials_missing":
    case "unsupported":
      return retry(thrown, record, dependencies);
  }
}

/** A fault of our own, such as a file that is gone, keeps later messages waiting for a short time only. */
function handleFault(thrown: unknown, record: OutboundRecord, dependencies: DeliverDependencies): Promise<void> {
  const isStopped = thrown instanceof Error && thrown.name === "AbortError";
  if (thrown instanceof PostponedError || isStopped || isDatabaseFault(thrown)) throw thrown;
  const error = new ChannelError("unavailable", "the gateway could not send it");
  return record.row.attempt < FAULT_ATTEMPTS ? retry(error, record, dependencies) : record.fail(error.message);
}

/**
 * Tries again later, with growing pauses. A message has failed if it was tried for too long, since it was made or since
 * somebody asked for it to be sent again.
 */
async function retry(
  error: ChannelError,
  record: OutboundRecord,
  { clock, random }: Pick<DeliverDependencies, "clock" | "random">,
): Promise<void> {
  const now = clock.now().getTime();
  const age = now - Date.parse(record.row.retried_at ?? record.row.created_at);
  if (age > LIMITS.channelDeliveryTime) return record.fail(error.message);
  await record.closePart(error.message);
  const growing = Math.min(LIMITS.channelRetryDelay, FIRST_PAUSE * 2 ** Math.max(0, record.row.attempt - 1));
  const pause = Math.max(growing * (0.5 + random() / 2), error.options.retryAfterMs ?? 0);
  throw new PostponedError(new Date(now + pause));
}
