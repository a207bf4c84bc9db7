import type { EmbeddingModel, EmbeddingResult } from "#models/embeddings/embedding-model.ts";
import type { CallDependencies } from "#models/resilience/call-with-failover.ts";
import { retryDelay } from "#models/resilience/failure-policy.ts";
import { ABORTED, circuitOpen, untilPauseIsOver } from "#models/resilience/held-calls.ts";
import { KeyTurn } from "#models/resilience/key-turn.ts";
import type { CallTarget } from "#models/resilience/provider-health.ts";

export interface KeyedEmbeddings {
  readonly target: CallTarget;
  /** The same model behind each key of the provider. */
  readonly models: readonly [EmbeddingModel, ...EmbeddingModel[]];
}

/**
 * Joins the keys of a provider to one embedding model, which treats failures as `callWithFailover` does. A failure of one
 * key moves on to the next. Others are repeated, and a provider that fails too often is left alone.
 */
export const embedWithKeys = (keyed: KeyedEmbeddings, dependencies: CallDependencies): EmbeddingModel => ({
  embed: (texts, signal) => embed(keyed, texts, signal, dependencies),
});

async function embed(
  { target, models }: KeyedEmbeddings,
  texts: readonly string[],
  signal: AbortSignal,
  dependencies: CallDependencies,
): Promise<EmbeddingResult> {
  const { health, retries, sleep, random } = dependencies;
  const paused = await untilPauseIsOver(target, true, signal, dependencies);
  if (paused) return { kind: "error", error: paused };
  const keys = new KeyTurn(target, models.length, health);
  for (let attempt = 1; ; ) {
    const openForMs = health.openForMs(target);
    if (openForMs !== undefined) return { kind: "error", error: circuitOpen(openForMs) };
    const model = models[keys.place] ?? models[0];
    const result = await model.embed(texts, signal);
    if (result.kind === "vectors") {
      keys.succeeded();
      return result;
    }
    if (keys.moveOn(result.error)) continue;
    const delay = retryDelay(result.error, ++attempt, retries, random());
    if (delay === undefined || signal.aborted) {
      keys.failed(result.error, false);
      return result;
    }
    await sleep(delay, signal);
    if (signal.aborted) return { kind: "error", error: ABORTED };
  }
}
