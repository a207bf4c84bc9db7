import { AppError } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { Secret } from "#base/secret.ts";
import type { Context } from "#core/context.ts";
import { egress, secretBox } from "#core/platform.ts";
import { fromJson } from "#db/values.ts";
import { toEmbeddingTarget, withEmbeddingBase } from "#features/providers/create-embedding-source.ts";
import { toProviderAccess } from "#features/providers/provider-access.ts";
import { getProviderRow } from "#features/providers/repository.ts";
import type { EmbeddingVerdict, ProviderSettings, VerifyEmbeddingInput } from "#features/providers/schema.ts";
import { explain } from "#features/providers/verify-provider.ts";
import { createEmbeddingModel } from "#models/embeddings/create-embedding-model.ts";
import { modelCallServices } from "#runtime/model-calls/index.ts";

const SAMPLE = "ok";

/**
 * Embeds one short text with each key, with the model of the request, or else of the provider's settings. Throws 400
 * without a model.
 */
export async function verifyEmbedding(ctx: Context, input: VerifyEmbeddingInput): Promise<EmbeddingVerdict> {
  const row = await getProviderRow(ctx.db.read, input.id);
  const access = toProviderAccess(row, { secretBox: ctx.use(secretBox), egress: ctx.use(egress) });
  const { embedding = {} } = fromJson<ProviderSettings>(row.settings);
  const model = input.model ?? embedding.model;
  if (!model) throw new AppError("INVALID_REQUEST", "error.required", { field: "model" }, { field: "model" });

  const dimensions = input.dimensions ?? embedding.dimensions;
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(LIMITS.providerTrial)]);
  const keys = [access.apiKey, ...access.otherKeys];
  const reached = withEmbeddingBase(access, embedding);
  const tryKey = (apiKey: Secret) =>
    createEmbeddingModel({ ...reached, apiKey, model, dimensions }).embed([SAMPLE], signal);
  const results = await Promise.all(keys.map(tryKey));
  const sizes: number[] = [];
  for (const [place, result] of results.entries()) {
    if (result.kind === "error") {
      return { ...explain(ctx, result.error, model, keys), ...(keys.length > 1 && { key_number: place + 1 }) };
    }
    sizes.push(result.vectors[0]?.length ?? 0);
  }
  const target = toEmbeddingTarget({ tenantId: ctx.tenantId, provider: row.name, model });
  const { health } = ctx.use(modelCallServices).calls;
  for (const place of keys.keys()) health.succeeded(target, place);
  return { valid: true, dimensions: sizes[0] ?? 0 };
}
