import {
  APICallError,
  type LanguageModelV3,
  type LanguageModelV3CallOptions,
  type LanguageModelV3StreamPart,
} from "@ai-sdk/provider";
import { LRUCache } from "lru-cache";
import type { EgressSender } from "#base/egress/create-egress.ts";
import { CallNotes } from "#models/ai-sdk/call-notes.ts";
import { guardFetch } from "#models/ai-sdk/guard-fetch.ts";
import { toModelError } from "#models/ai-sdk/to-model-error.ts";
import { toModelEvents } from "#models/ai-sdk/to-model-events.ts";
import type { WireAnswer } from "#models/ai-sdk/wire-answer.ts";
import { drain } from "#models/drain.ts";
import { findSmallerMaxTokens } from "#models/failures/find-smaller-max-tokens.ts";
import type { LanguageModel, ModelError, ModelRequest } from "#models/language-model.ts";

/** Turns our request into the call options that fit one wire format. */
export type ToCallOptions = (request: ModelRequest, signal: AbortSignal) => LanguageModelV3CallOptions;

/** What differs between the packages of the SDK. */
export interface SdkWire {
  /** The package's provider, which reaches the network by this `fetch` alone. */
  readonly createProvider: (fetch: ReturnType<typeof guardFetch>) => {
    languageModel(modelId: string): LanguageModelV3;
  };
  readonly createAnswer: () => WireAnswer;
  readonly toCallOptions: ToCallOptions;
}

const KEPT_MODELS = 100;

/** Our interface over a provider package of the AI SDK. */
export function createAiSdkModel(egress: EgressSender, wire: SdkWire): LanguageModel {
  // All calls share one `fetch`, which is told by the signal whose answer it reads.
  const calls = new WeakMap<AbortSignal, CallNotes>();
  const provider = wire.createProvider(guardFetch(egress.fetch, wire.createAnswer, calls));
  // Making one builds its schemas, which takes longer than the rest of a call.
  const models = new LRUCache<string, LanguageModelV3>({ max: KEPT_MODELS });
  function modelFor(modelId: string): LanguageModelV3 {
    const model = models.get(modelId) ?? provider.languageModel(modelId);
    models.set(modelId, model);
    return model;
  }

  return {
    async *stream(request, signal) {
      const notes = new CallNotes();
      // Callers may share theirs.
      const ownSignal = AbortSignal.any([signal]);
      calls.set(ownSignal, notes);
      try {
        signal.throwIfAborted();
        const stream = await open(modelFor(request.model), wire.toCallOptions(request, ownSignal));
        yield* toModelEvents(readParts(stream));
      } catch (thrown) {
        const error = signal.aborted ? ABORTED : (notes.failure ?? toModelError(thrown, notes));
        yield { type: "error", error, usage: notes.usage };
      }
    },
  };
}

const ABORTED: ModelError = { kind: "aborted", message: "the call was aborted" };

/** A cap on output tokens that the provider finds too large is lowered to what the provider names, once. */
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

/** The cap that was sent may hold more than was asked for: room to think. */
function toSmallerMaxTokens(error: unknown, asked: number | undefined): number | undefined {
  if (!APICallError.isInstance(error) || asked === undefined) return undefined;
  const body = error.requestBodyValues as SentBody;
  const sent = body.max_tokens ?? body.generationConfig?.maxOutputTokens ?? asked;
  const most = findSmallerMaxTokens(error.statusCode ?? 0, error.responseBody ?? "", sent);
  const left = most === undefined ? 0 : asked - (sent - most);
  return left >= 1 ? left : undefined;
}

interface SentBody {
  readonly max_tokens?: number;
  readonly generationConfig?: { readonly maxOutputTokens?: number };
}

/** Whoever stops reading before the finish closes the connection to the provider. */
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
