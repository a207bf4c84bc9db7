import type { AnswerBody } from "#base/egress/answer-body.ts";
import type { EgressAnswer } from "#base/egress/egress-answer.ts";
import { LIMITS } from "#base/limits.ts";
import { findSmallerMaxTokens } from "#models/failures/find-smaller-max-tokens.ts";
import { ModelFailure, malformed } from "#models/failures/model-failure.ts";
import { toAnswerError } from "#models/failures/to-answer-error.ts";
import type { ModelRequest } from "#models/language-model.ts";
import type { OpenAiChatOptions } from "#models/openai-chat/create-openai-chat-model.ts";
import { toChatBody } from "#models/openai-chat/to-chat-body.ts";
import { readText } from "#models/read-text.ts";

/**
 * Sends a request and returns the body of its answer. If the provider refuses the output-token limit as too large,
 * retries once with the limit that its error states. Throws `ModelFailure` if the provider refuses the request.
 */
export async function openAnswer(
  options: OpenAiChatOptions,
  request: ModelRequest,
  signal: AbortSignal,
): Promise<AnswerBody> {
  const first = await send(options, request, signal);
  if (first.isOk) return bodyOf(first);

  const text = await readText(first.body, LIMITS.modelErrorBody);
  const limit = findSmallerMaxTokens(first.status, text, request.settings.maxOutputTokens);
  if (limit === undefined) throw toFailure(first, text);
  const settings = { ...request.settings, maxOutputTokens: limit };
  const second = await send(options, { ...request, settings }, signal);
  if (second.isOk) return bodyOf(second);
  throw toFailure(second, await readText(second.body, LIMITS.modelErrorBody));
}

async function send(
  { baseUrl, apiKey, quirks, egress }: OpenAiChatOptions,
  request: ModelRequest,
  signal: AbortSignal,
): Promise<EgressAnswer> {
  return egress.send(`${baseUrl}/chat/completions`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...request.traceHeaders,
      ...(!apiKey.isEmpty && { authorization: `Bearer ${apiKey.reveal()}` }),
    },
    body: await toChatBody(request, quirks),
    signal,
    redirect: "follow",
  });
}

function bodyOf({ body }: EgressAnswer): AnswerBody {
  if (body === undefined) throw malformed("the answer is empty");
  return body;
}

const toFailure = ({ status, headers }: EgressAnswer, text: string) =>
  new ModelFailure(toAnswerError(status, Object.fromEntries(headers), text));
