import type { EgressSender } from "#base/egress/create-egress.ts";
import { LIMITS } from "#base/limits.ts";
import type { Secret } from "#base/secret.ts";
import type { EmbeddingModel, EmbeddingResult } from "#models/embeddings/embedding-model.ts";
import {
  type EmbeddingAnswer,
  type EmbeddingWire,
  GOOGLE_EMBEDDINGS,
  OPENAI_EMBEDDINGS,
  VOYAGE_EMBEDDINGS,
} from "#models/embeddings/embedding-wires.ts";
import { ModelFailure, malformed, unsupported } from "#models/failures/model-failure.ts";
import { toCallError } from "#models/failures/to-call-error.ts";
import { type ProviderType, providerTypeFacts } from "#models/provider-types.ts";
import { resolveQuirks } from "#models/quirks/resolve-quirks.ts";
import { requestJson } from "#models/request-json.ts";
import { missingBase, toBaseUrl } from "#models/to-base-url.ts";

export interface EmbeddingModelOptions {
  readonly providerType: ProviderType;
  /** If empty or absent, the type's default base is used. */
  readonly apiBase?: string | undefined;
  readonly apiKey: Secret;
  readonly model: string;
  /** The requested size of the vectors. If zero or absent, the model decides. */
  readonly dimensions?: number | undefined;
  /** The egress sender for calls to providers. */
  readonly egress: EgressSender;
}

/** Creates an embedding model of a configured provider. Vectors of a size other than the requested one are an error. */
export function createEmbeddingModel(options: EmbeddingModelOptions): EmbeddingModel {
  return {
    async embed(texts, signal) {
      try {
        return await embedAll(options, texts, signal);
      } catch (thrown) {
        return { kind: "error", error: toCallError(thrown, signal) };
      }
    },
  };
}

async function embedAll(
  options: EmbeddingModelOptions,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<EmbeddingResult> {
  if (texts.length > LIMITS.embeddingTexts) {
    throw new ModelFailure({ kind: "invalid_request", message: `more than ${LIMITS.embeddingTexts} texts` });
  }
  const { wire, baseUrl, batch } = findWire(options);
  const vectors: (readonly number[])[] = [];
  let input = 0;
  for (let start = 0; start < texts.length; start += batch) {
    const answer = await embedBatch(options, wire, baseUrl, texts.slice(start, start + batch), signal);
    vectors.push(...answer.vectors);
    input += answer.inputTokens;
  }
  requireSize(vectors, options.dimensions || vectors[0]?.length);
  return { kind: "vectors", vectors, usage: { input } };
}

const VOYAGE_HOST = "api.voyageai.com";

function findWire({ providerType, apiBase }: EmbeddingModelOptions) {
  const { wire } = providerTypeFacts(providerType);
  if (wire !== "openai" && wire !== "google") {
    throw unsupported(`providers of type ${providerType} have no embeddings`);
  }
  const baseUrl = toBaseUrl(providerType, apiBase);
  if (baseUrl === undefined) throw unsupported(missingBase(providerType));
  if (wire === "google") return { wire: GOOGLE_EMBEDDINGS, baseUrl, batch: GOOGLE_EMBEDDINGS.batch };
  const isVoyage = URL.canParse(baseUrl) && new URL(baseUrl).hostname === VOYAGE_HOST;
  const own = isVoyage ? VOYAGE_EMBEDDINGS : OPENAI_EMBEDDINGS;
  return { wire: own, baseUrl, batch: resolveQuirks(providerType, baseUrl).embeddingBatch ?? own.batch };
}

async function embedBatch(
  { model, dimensions, apiKey, egress }: EmbeddingModelOptions,
  wire: EmbeddingWire,
  baseUrl: string,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<EmbeddingAnswer> {
  // Providers refuse an empty text, so a space is sent instead.
  const filled = texts.map((text) => (text === "" ? " " : text));
  const body = wire.toBody({ model, texts: filled, dimensions: dimensions || undefined });
  const headers = apiKey.isEmpty ? {} : wire.headers(apiKey.reveal());
  const answer = wire.fromBody(
    await requestJson({ url: `${baseUrl}${wire.path(model)}`, headers, body, egress }, signal),
  );
  if (answer.vectors.length !== texts.length) throw malformed("the answer has another number of vectors");
  return answer;
}

function requireSize(vectors: readonly (readonly number[])[], size: number | undefined): void {
  if (vectors.some(({ length }) => length !== size)) throw malformed("the vectors have another size");
}
