import { AppError } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { egress, secretBox } from "#core/platform.ts";
import { fromJson } from "#db/values.ts";
import { withEmbeddingBase } from "#features/providers/create-embedding-source.ts";
import { toProviderAccess } from "#features/providers/provider-access.ts";
import { getProviderRow } from "#features/providers/repository.ts";
import type { EmbeddingVerdict, ProviderSettings, VerifyEmbeddingInput } from "#features/providers/schema.ts";
import { explain } from "#features/providers/verify-provider.ts";
import { createEmbeddingModel } from "#models/embeddings/create-embedding-model.ts";

const SAMPLE = "ok";

/**
 * Embeds one short text with the model of the request, or else of the provider's settings. Throws 400 without a model.
 */
export async function verifyEmbedding(ctx: Context, input: VerifyEmbeddingInput): Promise<EmbeddingVerdict> {
  const row = await getProviderRow(ctx.db.read, input.id);
  const access = toProviderAccess(row, { secretBox: ctx.use(secretBox), egress: ctx.use(egress) });
  const { embedding = {} } = fromJson<ProviderSettings>(row.settings);
  const model = input.model ?? embedding.model;
  if (!model) throw new AppError("INVALID_REQUEST", "error.required", { field: "model" }, { field: "model" });

  const dimensions = input.dimensions ?? embedding.dimensions;
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(LIMITS.providerTrial)]);
  const result = await createEmbeddingModel({ ...withEmbeddingBase(access, embedding), model, dimensions }).embed(
    [SAMPLE],
    signal,
  );
  if (result.kind === "error") return explain(ctx, result.error, model, [access.apiKey, ...access.otherKeys]);
  return { valid: true, dimensions: result.vectors[0]?.length ?? 0 };
}
