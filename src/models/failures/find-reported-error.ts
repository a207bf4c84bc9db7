import { recordOf } from "#base/json.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Returns the error that an event or a document of an answer reports, or undefined. OpenAI has a field `error`. Others
 * differ. MiniMax reports in `base_resp`; a status code of zero is success. vLLM sends an object of type `error`.
 * OpenRouter puts an error into a choice. DashScope and Z.ai send the bare fields of an error.
 */
export function findReportedError(chunk: Fields, choice: unknown): unknown {
  const { error, base_resp, object, choices, message, msg, code, success } = chunk;
  if (error) return error;
  if (recordOf(base_resp).status_code) return base_resp;
  if (object === "error") return chunk;
  const ofChoice = recordOf(choice).error;
  if (ofChoice) return ofChoice;
  const isBare = choices === undefined && (success === false || (code && (message || msg)));
  return isBare ? chunk : undefined;
}
