import type { AnyResponse, OutputItem, PlainResponse, ResponseObject } from "#features/responses/schema/response.ts";
import type { Vocabulary } from "#features/responses/vocabulary.ts";

/** Returns a response in the words of its reader. */
export function toKnownWords(response: ResponseObject, vocabulary: Vocabulary): AnyResponse {
  switch (vocabulary) {
    case "openai":
      return response;
    case "goclaw":
      return toPlainResponse(response);
    case "both": {
      const { usage } = response;
      return { ...response, usage: usage && { ...usage, ...toPlainUsage(usage) } };
    }
  }
}

/** Returns a response in GoClaw's own words. */
export function toPlainResponse(response: ResponseObject): PlainResponse {
  const { id, object, created_at, model, status, output, usage, error } = response;
  return {
    id: toPlainId(id),
    object,
    created_at,
    model,
    status,
    output: output.flatMap(toPlainItem),
    ...(usage && { usage: toPlainUsage(usage) }),
    ...(error && { error: error.message }),
  };
}

/** GoClaw's own clients know ids with another separator. Both forms are taken. */
export const toPlainId = (id: string): string => id.replace("_", "-");

function toPlainItem(item: OutputItem): PlainResponse["output"] {
  switch (item.type) {
    case "message":
      return [
        { type: "message", role: "assistant", content: item.content.map(({ text }) => ({ type: "text", text })) },
      ];
    case "function_call":
      return [item];
    case "reasoning":
      return [];
  }
}

type OpenAiUsage = NonNullable<ResponseObject["usage"]>;

const toPlainUsage = ({ input_tokens, output_tokens, total_tokens }: OpenAiUsage) => ({
  prompt_tokens: input_tokens,
  completion_tokens: output_tokens,
  total_tokens,
  input_tokens,
  output_tokens,
});
