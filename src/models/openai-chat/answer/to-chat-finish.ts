import { ownValue } from "#base/json.ts";
import { ModelFailure } from "#models/failures/model-failure.ts";
import type { ModelErrorKind, ModelFinish } from "#models/language-model.ts";

/** Finish reasons in the words of the servers that speak the format. All other words mean `stop`. */
const FINISHES: Readonly<Record<string, ModelFinish>> = {
  length: "length",
  max_tokens: "length",
  model_length: "length",
  content_filter: "content_filter",
  sensitive: "content_filter",
  safety: "content_filter",
};

/** Finish reasons that are failures, of OpenRouter, DeepSeek, Z.ai and Anthropic. */
const FAILURES: Readonly<Record<string, ModelErrorKind>> = {
  error: "server_error",
  insufficient_system_resource: "overloaded",
  network_error: "server_error",
  model_context_window_exceeded: "context_overflow",
};

/** Converts a finish reason. Throws `ModelFailure` if the reason is a failure. */
export function toChatFinish(reason: string): ModelFinish {
  const name = reason.toLowerCase();
  const kind = ownValue(FAILURES, name);
  if (kind !== undefined) throw new ModelFailure({ kind, message: "the provider ended the answer with an error" });
  return ownValue(FINISHES, name) ?? "stop";
}
