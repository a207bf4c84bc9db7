import type { LanguageModelV3, LanguageModelV3CallOptions, LanguageModelV3StreamPart } from "@ai-sdk/provider";
import { LRUCache } from "lru-cache";
import { SECOND } from "#base/clock.ts";
import { toModelError } from "#models/ai-sdk/to-model-error.ts";
import { toModelEvents } from "#models/ai-sdk/to-model-events.ts";
import type { LanguageModel, ModelEvent, ModelRequest } from "#models/language-model.ts";

/** Turns our request into the call options that fit one wire format. */
export type ToCallOptions = (request: ModelRequest, signal: AbortSignal) => LanguageModelV3CallOptions;

const KEPT_MODELS = 100;

/** Our interface over a provider package of the AI SDK. */
export function createAiSdkModel(
  createModel: (modelId: string) => LanguageModelV3,
  toCallOptions: ToCallOptions,
): LanguageModel {
  // Making one builds its schemas, which takes longer than the rest of a call.
  const models = new LRUCache<string, LanguageModelV3>({ max: KEPT_MODELS });
  function modelFor(modelId: string): LanguageModelV3 {
    const model = models.get(modelId) ?? createModel(modelId);
    models.set(modelId, model);
    return model;
  }

  return {
    async *stream(request, signal) {
      try {
        signal.throwIfAborted();
        const { stream } = await modelFor(request.model).doStream(toCallOptions(request, signal));
        yield* toModelEvents(readParts(stream));
      } catch (error) {
        yield toErrorEvent(error, signal);
      }
    },
  };
}

function toErrorEvent(error: unknown, signal: AbortSignal): ModelEvent {
  if (signal.aborted) return { type: "error", error: { kind: "aborted", message: "the call was aborted" } };
  return { type: "error", error: toModelError(error) };
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
    if (state === "open") await reader.cancel().catch(() => undefined);
    if (state === "finished") void drain(reader);
  }
}

type Drainable = { read(): Promise<{ readonly done: boolean }>; cancel(): Promise<void> };

const DRAIN_TIME = 1 * SECOND;

/** Reads the last bytes after the finish, so that the connection can be used again; gives up soon. */
async function drain(reader: Drainable): Promise<void> {
  const timer = setTimeout(() => void reader.cancel().catch(() => undefined), DRAIN_TIME);
  const read = async (): Promise<void> => {
    while (!(await reader.read()).done);
  };
  await read().catch(() => undefined);
  clearTimeout(timer);
}
