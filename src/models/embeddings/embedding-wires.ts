import { encodeModelPath } from "#models/addresses/encode-model-path.ts";
import { malformed } from "#models/failures/model-failure.ts";
import { toTokenCount } from "#models/to-token-count.ts";

export interface EmbeddingCall {
  readonly model: string;
  readonly texts: readonly string[];
  /** If undefined, the model decides. */
  readonly dimensions: number | undefined;
}

export interface EmbeddingAnswer {
  readonly vectors: readonly (readonly number[])[];
  readonly inputTokens: number;
}

/** The request and response format of a provider's embeddings endpoint. */
export interface EmbeddingWire {
  readonly path: (model: string) => string;
  readonly headers: (key: string) => Readonly<Record<string, string>>;
  readonly toBody: (call: EmbeddingCall) => object;
  /** Throws `ModelFailure` if the body is not a valid answer. */
  readonly fromBody: (body: unknown) => EmbeddingAnswer;
  /** The most texts that one request may hold. */
  readonly batch: number;
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** The format of OpenAI and compatible servers: https://platform.openai.com/docs/api-reference/embeddings. */
export const OPENAI_EMBEDDINGS: EmbeddingWire = {
  path: () => "/embeddings",
  headers: bearer,
  toBody: ({ model, texts, dimensions }) => ({ model, input: texts, encoding_format: "float", dimensions }),
  fromBody: fromIndexedList,
  batch: 100,
};

/** https://docs.voyageai.com/reference/embeddings-api */
export const VOYAGE_EMBEDDINGS: EmbeddingWire = {
  path: () => "/embeddings",
  headers: bearer,
  toBody: ({ model, texts, dimensions }) => ({ model, input: texts, output_dimension: dimensions }),
  fromBody: fromIndexedList,
  batch: 100,
};

/** https://ai.google.dev/api/embeddings */
export const GOOGLE_EMBEDDINGS: EmbeddingWire = {
  path: (model) => `/${encodeModelPath(toGooglePath(model))}:batchEmbedContents`,
  headers: (key) => ({ "x-goog-api-key": key }),
  toBody: ({ model, texts, dimensions }) => ({
    requests: texts.map((text) => ({
      model: toGooglePath(model),
      content: { parts: [{ text }] },
      outputDimensionality: dimensions,
    })),
  }),
  fromBody(body) {
    const { embeddings } = recordOf(body);
    return { vectors: listOf(embeddings).map((item) => toVector(recordOf(item).values)), inputTokens: 0 };
  },
  batch: 100,
};

const toGooglePath = (model: string) => (model.includes("/") ? model : `models/${model}`);

function fromIndexedList(body: unknown): EmbeddingAnswer {
  const { data, usage } = recordOf(body);
  const items = listOf(data).map(recordOf);
  const inOrder = items.every(({ index }) => typeof index === "number")
    ? items.toSorted((a, b) => Number(a.index) - Number(b.index))
    : items;
  const { prompt_tokens, total_tokens } = recordOf(usage ?? {});
  return {
    vectors: inOrder.map(({ embedding }) => toVector(embedding)),
    inputTokens: toTokenCount(prompt_tokens) || toTokenCount(total_tokens),
  };
}

function toVector(value: unknown): readonly number[] {
  const numbers = listOf(value);
  if (numbers.length === 0 || !numbers.every(Number.isFinite)) throw malformed("a vector is none");
  return numbers as readonly number[];
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (value === null || typeof value !== "object") throw malformed("the answer has no vectors");
  return value as Readonly<Record<string, unknown>>;
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed("the answer has no vectors");
  return value;
}
