import { LIMITS } from "#base/limits.ts";
import { findSmallerMaxTokens } from "#models/failures/find-smaller-max-tokens.ts";
import { ModelFailure, malformed } from "#models/failures/model-failure.ts";
import { toAnswerError } from "#models/failures/to-answer-error.ts";
import type { ModelRequest } from "#models/language-model.ts";
import type { OpenAiChatOptions } from "#models/openai-chat/create-openai-chat-model.ts";
import { toChatBody } from "#models/openai-chat/to-chat-body.ts";
import { readText } from "#models/read-text.ts";

/** The part of a stream's reader that calls need. */
export interface BodyReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

/**
 * Sends a request and returns a reader of its answer. A cap on output tokens that the provider finds too large is
 * lowered to what the provider names, once. Throws every refusal.
 */
export async function openAnswer(
  options: OpenAiChatOptions,
  request: ModelRequest,
  signal: AbortSignal,
): Promise<BodyReader> {
  const response = await send(options, request, signal);
  if (response.ok) return toReader(response);

  const text = await readText(response, LIMITS.modelErrorBody);
  const most = findSmallerMaxTokens(response.status, text, request.settings.maxOutputTokens);
  if (most === undefined) throw toFailure(response, text);
  const settings = { ...request.settings, maxOutputTokens: most };
  const second = await send(options, { ...request, settings }, signal);
  if (second.ok) return toReader(second);
  throw toFailure(second, await readText(second, LIMITS.modelErrorBody));
}

function send(
  { baseUrl, apiKey, quirks, egressFetch }: OpenAiChatOptions,
  request: ModelRequest,
  signal: AbortSignal,
): Promise<Response> {
  return egressFetch(`${baseUrl}/chat/completions`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(!apiKey.isEmpty && { authorization: `Bearer ${apiKey.reveal()}` }),
    },
    body: toChatBody(request, quirks),
    signal,
  });
}

function toReader({ body }: Response): BodyReader {
  if (body === null) throw malformed("the answer is empty");
  return body.getReader();
}

const toFailure = ({ status, headers }: Response, text: string) =>
  new ModelFailure(toAnswerError(status, Object.fromEntries(headers), text));
