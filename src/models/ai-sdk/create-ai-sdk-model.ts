import {
  APICallError,
  type LanguageModelV3,
  type LanguageModelV3CallOptions,
  type LanguageModelV3StreamPart,
} from "@ai-sdk/provider";
import { BoundedCache } from "#base/caches/bounded-cache.ts";
import type { EgressSender } from "#base/egress/create-egress.ts";
import { CallNotes } from "#models/ai-sdk/call-notes.ts";
import { guardFetch } from "#models/ai-sdk/guard-fetch.ts";
import { setTextsApart } from "#models/ai-sdk/prompt/set-texts-apart.ts";
import { toModelError } from "#models/ai-sdk/to-model-error.ts";
import { toModelEvents } from "#models/ai-sdk/to-model-events.ts";
import type { WireAnswer } from "#models/ai-sdk/wire-answer.ts";
import { drain } from "#models/drain.ts";
import { findSmallerMaxTokens } from "#models/failures/find-smaller-max-tokens.ts";
import type { LanguageModel, ModelError, ModelRequest } from "#models/language-model.ts";

/** Converts our request into the SDK's call options for one wire format. */
export type ToCallOptions = (request: ModelRequest, signal: AbortSignal) => LanguageModelV3CallOptions;

/** The parts that differ between the SDK's provider packages. */
export interface SdkWire {
  /** Creates the package's provider. It reaches the network only through this `fetch`. */
  readonly createProvider: (fetch: ReturnType<typeof guardFetch>) => {
    languageModel(modelId: string): LanguageModelV3;
  };
  readonly createAnswer: () => WireAnswer;
  /** Returns the name that the package puts into its request. Throws `ModelFailure` if there can be no such model. */
  readonly toModelId: (model: string) => string;
  readonly toCallOptions: ToCallOptions;
}

const KEPT_MODELS = 100;

/** Adapts a provider package of the AI SDK to our `LanguageModel` interface. */
export function createAiSdkModel(egress: EgressSender, wire: SdkWire): LanguageModel {
  // All calls share one `fetch`, which finds the notes of its call by the call's abort signal.
  const calls = new WeakMap<AbortSignal, CallNotes>();
  const provider = wire.createProvider(guardFetch(egress.fetch, wire.createAnswer, calls));
  // Models are cached because the SDK builds schemas for each one, which takes longer than the rest of a call.
  const models = new BoundedCache<string, LanguageModelV3>({ max: KEPT_MODELS });
  function modelFor(modelId: string): LanguageModelV3 {
    const model = models.get(modelId) ?? provider.languageModel(modelId);
    models.set(modelId, model);
    return model;
  }

  return {
    async *stream(request, signal, onAlive) {
      // Callers may use one signal for several calls, so each call gets a signal of its own as its key.
      const ownSignal = AbortSignal.any([signal]);
      const notes = new CallNotes(onAlive);
      calls.set(ownSignal, notes);
      try {
        signal.throwIfAborted();
        const options = withTraceHeaders(wire.toCallOptions(request, ownSignal), request);
        const { prompt, apart } = setTextsApart(options.prompt);
        notes.apart = apart;
        const stream = await open(modelFor(wire.toModelId(request.model)), { ...options, prompt });
        yield* toModelEvents(readParts(stream));
      } catch (thrown) {
        const error = signal.aborted ? ABORTED : (notes.failure ?? toModelError(thrown, notes));
        yield { type: "error", error, usage: notes.usage };
      }
    },
  };
}

const withTraceHeaders = (options: LanguageModelV3CallOptions, { traceHeaders }: ModelRequest) =>
  traceHeaders === undefined ? options : { ...options, headers: { ...options.headers, ...traceHeaders } };

const ABORTED: ModelError = { kind: "aborted", message: "the call was aborted" };

/**
 * Starts the stream. If the provider refuses the output-token limit as too large, retries once with a limit derived
 * from its error.
 */
async function open(
  model: LanguageModelV3,
  options: LanguageModelV3CallOptions,
): Promise<ReadableStream<LanguageModelV3StreamPart>> {
  try {
    return (await model.doStream(options)).stream;
  } catch (error) {
    const maxOutputTokens = toSmallerMaxTokens(error, options.maxOutputTokens);
    if (maxOutputTokens === undefined) throw error;
    return (await model.doStream({ ...options, maxOutputTokens })).stream;
  }
}

/**
 * Returns the reduced output-token limit, or undefined if the error is about something else. The SDK may have sent more
 * tokens than `requested`, because it adds the thinking budget; the reduction keeps that budget.
 */
function toSmallerMaxTokens(error: unknown, requested: number | undefined): number | undefined {
  if (!APICallError.isInstance(error) || requested === undefined) return undefined;
  const body = error.requestBodyValues as SentBody;
  const sent = body.max_tokens ?? body.generationConfig?.maxOutputTokens ?? requested;
  const limit = findSmallerMaxTokens(error.statusCode ?? 0, error.responseBody ?? "", sent);
  const reduced = limit === undefined ? 0 : requested - (sent - limit);
  return reduced >= 1 ? reduced : undefined;
}

interface SentBody {
  readonly max_tokens?: number;
  readonly generationConfig?: { readonly maxOutputTokens?: number };
}

/** Yields the parts of a stream. Closes the connection to the provider if the caller stops before the finish part. */
async function* readParts(
  stream: ReadableStream<LanguageModelV3StreamPart>,
): AsyncGenerator<LanguageModelV3StreamPart, void, undefined> {
  const reader = stream.getReader();
  let state: "open" | "finished" | "over" = "open";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) state = "over";
      else if (value.type === "finish") state = "finished";
      if (done) return;
      yield value;
    }
  } catch (error) {
    state = "over";
    throw error;
  } finally {
    const close = () => reader.cancel().catch(() => undefined);
    if (state === "open") await close();
    if (state === "finished") void drain({ readMore: async () => !(await reader.read()).done, close });
  }
}
