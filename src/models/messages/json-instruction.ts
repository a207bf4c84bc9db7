import type { ModelResponseFormat } from "#models/language-model.ts";

const ONE_OBJECT = "Answer with a single JSON object and nothing else.";

/** Returns an instruction that asks for the JSON format in words, for requests that cannot set a response format. */
export const jsonInstruction = (format: ModelResponseFormat): string =>
  format.type === "json_schema"
    ? `${ONE_OBJECT} It must fit this JSON Schema:\n${JSON.stringify(format.schema)}`
    : ONE_OBJECT;
