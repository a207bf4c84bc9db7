import type { ModelError, ModelEvent, ModelFinish, ModelRequest, ModelUsage } from "#models/language-model.ts";

/**
 * Passes on the events of one model call. A finish without text, call or refusal becomes a failure of kind `unusable`.
 * Blank text waits for the first word, so it never shows that an answer has begun.
 */
export async function* requireAnswer(
  events: AsyncIterable<ModelEvent>,
  { settings }: ModelRequest,
): AsyncGenerator<ModelEvent, void, undefined> {
  let blank = "";
  let hasAnswer = false;
  for await (const event of events) {
    if (hasAnswer) yield event;
    else if (event.type === "text" && event.text.trim() === "") {
      blank += event.text;
      yield { type: "progress" };
    } else if (event.type === "text") {
      hasAnswer = true;
      yield blank === "" ? event : { type: "text", text: blank + event.text };
    } else {
      hasAnswer = event.type === "tool_call";
      const isEmpty = event.type === "finish" && !isEmptyByRight(event.finish, event.usage, settings);
      yield isEmpty ? { type: "error", error: EMPTY, usage: event.usage } : event;
    }
  }
}

const EMPTY: ModelError = { kind: "unusable", message: "the answer is empty" };

/**
 * Returns whether an answer may be empty. A filter held it back, the caller's own limit cut it, or the prompt left no room
 * for output.
 */
const isEmptyByRight = (
  finish: ModelFinish,
  usage: ModelUsage | undefined,
  { maxOutputTokens }: ModelRequest["settings"],
): boolean => finish === "content_filter" || (finish === "length" && (maxOutputTokens !== undefined || !usage?.output));
