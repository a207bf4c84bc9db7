import { holdsMuchText } from "#base/texts/holds-text.ts";
import { TextsApart } from "#base/texts/texts-apart.ts";
import type { ModelMessage, ModelRequest } from "#models/language-model.ts";

/** In UTF-16 code units. Shorter texts cost little. */
const LONG = 4_096;

interface ShortRequest {
  readonly short: ModelRequest;
  /** The texts that the request lacks. Undefined if it is complete. */
  readonly apart: TextsApart | undefined;
}

/**
 * Replaces the long texts of a request that holds much text by names. The SDK writes the request as one text, which
 * takes several times its size. The texts come back where the request is sent.
 */
export function setTextsApart(request: ModelRequest): ShortRequest {
  if (!holdsMuchText(request.messages)) return { short: request, apart: undefined };
  const apart = new TextsApart();
  // The SDK omits a blank text, and the space at the end of a last answer, which Anthropic refuses.
  const name = <Part extends object>(part: Part): Part =>
    "text" in part && isLong(part.text) ? { ...part, text: apart.add(part.text) } : part;
  const shorten = (message: ModelMessage, index: number): ModelMessage => {
    switch (message.role) {
      case "system":
        return name(message);
      case "user":
        return { ...message, parts: message.parts.map(name) };
      case "assistant":
        if (index === request.messages.length - 1) return message;
        return { ...message, parts: message.parts.map((part) => (part.type === "text" ? name(part) : part)) };
      case "tool":
        return { ...message, results: message.results.map(name) };
    }
  };
  return { short: { ...request, messages: request.messages.map(shorten) }, apart };
}

const isLong = (text: unknown): text is string => typeof text === "string" && text.length >= LONG && /\S/.test(text);
