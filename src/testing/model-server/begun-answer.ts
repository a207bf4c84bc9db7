import type { Wire } from "#testing/model-server/model-reply.ts";

/**
 * Returns the start of an answer, for `raw`. It contains the text `so` and reports the input tokens and one output
 * token.
 */
export function beginAnswer(wire: Wire, input: number): string {
  switch (wire) {
    case "openai":
      return toEvents({
        choices: [{ delta: { content: "so" } }],
        usage: { prompt_tokens: input, completion_tokens: 1 },
      });
    case "anthropic":
      return toEvents(
        { type: "message_start", message: { id: "m", usage: { input_tokens: input, output_tokens: 1 } } },
        { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
        { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "so" } },
      );
    case "google":
      return toEvents({
        candidates: [{ content: { role: "model", parts: [{ text: "so" }] } }],
        usageMetadata: { promptTokenCount: input, candidatesTokenCount: 1 },
      });
  }
}

/** Encodes the events of a stream, for `raw`. */
export const toEvents = (...values: readonly object[]): string =>
  values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join("");
