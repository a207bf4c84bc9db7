import type { ModelError } from "#models/language-model.ts";
import { holdsMedia, type Message, type Refusal } from "#runtime/transcript/index.ts";

/** Messages of which a provider refused something. Not empty. */
export interface RefusedMessages {
  readonly refusal: Refusal;
  readonly messages: readonly Message[];
}

/**
 * Returns which of the messages that a call added to a session a provider refused, and for what. Returns undefined if
 * the cause is not in them.
 */
export function findRefused({ kind }: ModelError, unanswered: readonly Message[]): RefusedMessages | undefined {
  const refusal = toRefusal(kind);
  const messages = refusal === "media" ? unanswered.filter(hasMedia) : unanswered;
  return refusal && messages.length > 0 ? { refusal, messages } : undefined;
}

function toRefusal(kind: ModelError["kind"]): Refusal | undefined {
  switch (kind) {
    case "input_unsupported":
    case "unsupported":
    case "invalid_request":
      return "media";
    case "content_policy":
      return "policy";
    case "context_overflow":
      return "length";
    default:
      return undefined;
  }
}

const hasMedia = ({ parts }: Message): boolean => holdsMedia(parts);
