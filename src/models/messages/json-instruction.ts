import type { ModelResponseFormat } from "#models/language-model.ts";

const ONE_OBJECT = "Answer with a single JSON object and nothing else.";

/** Asks in words for what a format's own field cannot ask for. */
export const jsonInstruction = (format: ModelResponseFormat): string =>
  format.type === "json_schema"
    ? `${ONE_OBJECT} It must fit this JSON Schema:\n${JSON.stringify(format.schema)}`
    : ONE_OBJECT;
