import type { LanguageModel, ModelEvent } from "#models/language-model.ts";

/** Creates a model that loads its adapter at the first call. */
export function createLazyModel(load: () => Promise<LanguageModel>): LanguageModel {
  let loading: Promise<LanguageModel> | undefined;
  return {
    stream(request, signal, onAlive) {
      let events: AsyncIterator<ModelEvent> | undefined;
      return {
        [Symbol.asyncIterator]: () => ({
          async next() {
            loading ??= load();
            events ??= (await loading).stream(request, signal, onAlive)[Symbol.asyncIterator]();
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
