import type { LanguageModel, ModelEvent } from "#models/language-model.ts";

/** A model whose adapter is loaded by its first call. */
export function createLazyModel(load: () => Promise<LanguageModel>): LanguageModel {
  let loading: Promise<LanguageModel> | undefined;
  return {
    stream(request, signal) {
      let events: AsyncIterator<ModelEvent> | undefined;
      return {
        [Symbol.asyncIterator]: () => ({
          async next() {
            loading ??= load();
            events ??= (await loading).stream(request, signal)[Symbol.asyncIterator]();
            return events.next();
          },
          async return() {
            await events?.return?.();
            return { done: true, value: undefined };
          },
        }),
      };
    },
  };
}
