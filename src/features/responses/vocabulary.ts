import type { Context } from "#core/context.ts";
import { defineService } from "#core/service.ts";

/** In whose words a response is told: GoClaw's own, OpenAI's, or both in one stream. */
export type Vocabulary = "goclaw" | "openai" | "both";

/** Returns the operator's present choice. `auto` chooses by request. */
export const responsesEvents = defineService<() => Vocabulary | "auto">("responses-events");

const VOCABULARIES: readonly Vocabulary[] = ["goclaw", "openai", "both"];

/**
 * Returns the words for a caller. The header has priority over the configuration. `hasMessages` is true for requests in
 * GoClaw's own form. Clients of OpenAI's form that may not know it exactly are told both.
 */
export function chooseVocabulary(ctx: Context, hasMessages: boolean): Vocabulary {
  const { events = [], isOpenAiClient = false } = ctx.options;
  const named = VOCABULARIES.find((vocabulary) => events.includes(vocabulary));
  if (named) return named;
  const configured = ctx.use(responsesEvents)();
  if (configured !== "auto") return configured;
  if (hasMessages) return "goclaw";
  return isOpenAiClient ? "openai" : "both";
}
