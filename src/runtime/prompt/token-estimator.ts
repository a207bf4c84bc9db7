import { LRUCache } from "lru-cache";
import type { CallTarget } from "#models/resilience/provider-health.ts";
import type { MessagePart, NewMessage } from "#runtime/transcript/index.ts";

const CHARS_PER_TOKEN = 4;
/** What an image or file is taken for until a provider says what it cost. */
const MEDIA_CHARS = 4_000;
/** Role, separators and ids of a message. */
const MESSAGE_CHARS = 16;
const TRACKED_MODELS = 1_000;
/** The weight of a new observation. */
const LEARNING_RATE = 0.3;
/** What a provider reports beyond these is more likely wrong than the guess. */
const [LEAST_FACTOR, GREATEST_FACTOR] = [0.5, 4];

/**
 * Guesses tokens from characters, four of them a token, corrected for each tenant's model by what its provider reports.
 * Forgotten when the process ends: the next calls teach it again.
 */
export class TokenEstimator {
  readonly #factors = new LRUCache<string, number>({ max: TRACKED_MODELS });

  /** How many characters so many tokens are. */
  charsOf(target: CallTarget, tokens: number): number {
    return Math.max(0, Math.floor((tokens * CHARS_PER_TOKEN) / (this.#factors.get(keyOf(target)) ?? 1)));
  }

  /** Learns from a call of `chars` characters for which the provider counted `tokens`. */
  learn(target: CallTarget, chars: number, tokens: number): void {
    if (tokens <= 0 || chars <= 0) return;
    const seen = Math.min(Math.max((tokens * CHARS_PER_TOKEN) / chars, LEAST_FACTOR), GREATEST_FACTOR);
    const key = keyOf(target);
    const known = this.#factors.get(key);
    this.#factors.set(key, known === undefined ? seen : known + LEARNING_RATE * (seen - known));
  }
}

/** What one tenant's provider claims says nothing about another's. Neither an id nor a provider's name has a slash. */
const keyOf = ({ tenantId, provider, model }: CallTarget): string => `${tenantId}/${provider}/${model}`;

/** The characters of a message that the model reads. */
export const sizeOf = ({ parts }: NewMessage): number =>
  parts.reduce((sum, part) => sum + sizeOfPart(part), MESSAGE_CHARS);

function sizeOfPart(part: MessagePart): number {
  switch (part.type) {
    case "text":
      return part.text.length;
    case "reasoning":
      return part.text.length + sizeOfMetadata(part);
    case "image":
    case "file":
      return MEDIA_CHARS;
    case "tool_call":
      return part.name.length + part.arguments.length + sizeOfMetadata(part) + MESSAGE_CHARS;
    case "tool_result":
      return part.text.length + MESSAGE_CHARS;
  }
}

/** It is sent again with the text that it belongs to. */
function sizeOfMetadata({ metadata }: { readonly metadata?: object | undefined }): number {
  if (metadata === undefined) return 0;
  const size = metadataSizes.get(metadata) ?? JSON.stringify(metadata).length;
  metadataSizes.set(metadata, size);
  return size;
}

/** Measured once: hidden reasoning may be long, and every call measures all messages. */
const metadataSizes = new WeakMap<object, number>();

export const sizeOfAll = (messages: readonly NewMessage[]): number =>
  messages.reduce((sum, message) => sum + sizeOf(message), 0);
