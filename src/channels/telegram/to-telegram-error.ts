import { SECOND } from "#base/clock.ts";
import { isRecord, recordOf } from "#base/json.ts";
import { ChannelError } from "#channels/channel-error.ts";
import { toChannelError } from "#channels/to-channel-error.ts";

/** What Telegram says about a call. */
export interface TelegramRefusal {
  readonly code: number;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A call that Telegram refused because of the markup of its text. */
export class MarkupError extends ChannelError {
  constructor() {
    super("refused", "Telegram cannot read the markup");
  }
}

/** The topic of a message is gone, for example because the group has no topics any more. */
export class TopicError extends ChannelError {
  constructor() {
    super("refused", "the topic is gone");
  }
}

/** A change that would change nothing. */
export class UnchangedError extends ChannelError {
  constructor() {
    super("refused", "the message has this text already");
  }
}

const GONE =
  /chat not found|user is deactivated|peer_id_invalid|group chat was deactivated|bot was kicked|not enough rights|have no rights|topic_closed|chat_write_forbidden|bot is not a member/i;
/** How long to wait after 429 without a hint, in seconds. */
const USUAL_PAUSE = 5;
const MAX_PAUSE = 3_600;

/** Converts what a call of grammY throws. */
export function toTelegramError(thrown: unknown): ChannelError {
  const refusal = findRefusal(thrown);
  if (refusal) return fromRefusal(refusal);
  // An `HttpError` keeps what the call of the network threw.
  const cause = isRecord(thrown) && "error" in thrown ? thrown.error : thrown;
  return toChannelError(cause);
}

/** grammY is loaded late, so its errors are known by their fields. */
function findRefusal(thrown: unknown): TelegramRefusal | undefined {
  if (!isRecord(thrown) || typeof thrown.error_code !== "number") return undefined;
  return {
    code: thrown.error_code,
    description: String(thrown.description ?? "").slice(0, 300),
    parameters: recordOf(thrown.parameters),
  };
}

function fromRefusal({ code, description, parameters }: TelegramRefusal): ChannelError {
  const message = `Telegram: ${description}`;
  const { retry_after: pause, migrate_to_chat_id: movedTo } = parameters;
  switch (code) {
    case 401:
    case 404:
      return new ChannelError("credentials_refused", "Telegram does not know this token");
    case 403:
      return new ChannelError("chat_gone", message);
    case 409:
      return new ChannelError("conflict", "another program receives the messages of this bot");
    case 429: {
      const seconds = typeof pause === "number" && pause > 0 ? Math.min(pause, MAX_PAUSE) : USUAL_PAUSE;
      return new ChannelError("rate_limited", message, { retryAfterMs: seconds * SECOND });
    }
    case 400:
      if (movedTo !== undefined) return new ChannelError("chat_moved", message, { movedTo: String(movedTo) });
      if (/can't parse entities/i.test(description)) return new MarkupError();
      if (/thread not found|topic_deleted/i.test(description)) return new TopicError();
      if (/message is not modified/i.test(description)) return new UnchangedError();
      return new ChannelError(GONE.test(description) ? "chat_gone" : "refused", message);
    default:
      return code >= 500 ? new ChannelError("unavailable", message) : new ChannelError("refused", message);
  }
}
