import { BoundedCache } from "#base/caches/bounded-cache.ts";
import type { CallTarget } from "#models/resilience/provider-health.ts";
import type { MessagePart, NewMessage } from "#runtime/transcript/index.ts";

const CHARS_PER_TOKEN = 4;
/** The assumed size of an image or file. The real cost is learned from the provider's counts. */
const MEDIA_CHARS = 4_000;
/** The characters for the role, separators and ids of a message. */
const MESSAGE_CHARS = 16;
const TRACKED_MODELS = 1_000;
/** The weight of a new observation. */
const LEARNING_RATE = 0.3;
/** Factors outside these bounds are more likely an error of the provider than a better estimate. */
const [LEAST_FACTOR, GREATEST_FACTOR] = [0.5, 4];

/**
 * Estimates tokens from characters, at four characters per token. A factor for each tenant and model corrects the
 * estimate by the counts that the provider reports. The factors are in memory only, so a new process learns them again.
 */
export class TokenEstimator {
  readonly #factors = new BoundedCache<string, number>({ max: TRACKED_MODELS });

  /** Converts a number of tokens to the estimated number of characters. */
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

/**
 * The key includes the tenant, so one tenant's provider never affects another tenant. Ids and provider names contain no
 * slash.
 */
const keyOf = ({ tenantId, provider, model }: CallTarget): string => `${tenantId}/${provider}/${model}`;

/** Returns the number of characters that a message adds to a model call. */
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
      return part.text.length + MESSAGE_CHARS + MEDIA_CHARS * (part.images?.length ?? 0);
  }
}

/** Returns the size of a provider's metadata, which is sent again with the part it belongs to. */
function sizeOfMetadata({ metadata }: { readonly metadata?: object | undefined }): number {
  if (metadata === undefined) return 0;
  const size = metadataSizes.get(metadata) ?? JSON.stringify(metadata).length;
  metadataSizes.set(metadata, size);
  return size;
}

/** Caches sizes, because hidden reasoning may be long and every call measures all messages. */
const metadataSizes = new WeakMap<object, number>();

export const sizeOfAll = (messages: readonly NewMessage[]): number =>
  messages.reduce((sum, message) => sum + sizeOf(message), 0);
