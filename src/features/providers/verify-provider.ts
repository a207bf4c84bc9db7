import { AppError } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { Secret } from "#base/secret.ts";
import type { Context } from "#core/context.ts";
import { toErrorShape } from "#core/error-shape.ts";
import { egress, secretBox } from "#core/platform.ts";
import { toProviderAccess } from "#features/providers/provider-access.ts";
import { getProviderRow } from "#features/providers/repository.ts";
import type { ProviderVerdict, VerifyProviderInput } from "#features/providers/schema.ts";
import { createLanguageModel } from "#models/create-language-model.ts";
import type { ModelError } from "#models/language-model.ts";
import { listModels } from "#models/list-models.ts";
import { verifyModel } from "#models/verify-model.ts";
import { modelCallServices, toRunError } from "#runtime/model-calls/index.ts";
import { toAppError } from "#runtime/runs/index.ts";

/**
 * Makes one small model call with each key. Works for disabled providers too, so that users can test one before they
 * enable it.
 */
export async function verifyProvider(ctx: Context, { id, model }: VerifyProviderInput): Promise<ProviderVerdict> {
  const row = await getProviderRow(ctx.db.read, id);
  const access = toProviderAccess(row, { secretBox: ctx.use(secretBox), egress: ctx.use(egress) });
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(LIMITS.providerTrial)]);
  const tried = model ?? (await listModels(access, signal))[0]?.id;
  if (tried === undefined)
    throw new AppError("INVALID_REQUEST", "error.required", { field: "model" }, { field: "model" });
  const keys = [access.apiKey, ...access.otherKeys];
  const tryKey = (apiKey: Secret) => verifyModel(createLanguageModel({ ...access, apiKey }), tried, signal);
  const errors = await Promise.all(keys.map(tryKey));
  const refused = errors.findIndex((error) => error !== undefined);
  const error = errors[refused];
  if (error) return { ...explain(ctx, error, tried, keys), ...(keys.length > 1 && { key_number: refused + 1 }) };
  const { health } = ctx.use(modelCallServices).calls;
  const target = { tenantId: ctx.tenantId, provider: row.name, model: tried };
  for (const key of keys.keys()) health.succeeded(target, key);
  return { valid: true };
}

/** Explains a failed trial in the caller's language, with what the provider said. */
export function explain(ctx: Context, error: ModelError, model: string, keys: readonly Secret[]): ProviderVerdict {
  const providerMessage = error.words?.show(keys);
  const failed = { model, providerNames: error.words?.showNames(keys) };
  const { message } = toErrorShape(toAppError(toRunError(error, failed), ctx), ctx.locale, ctx.requestId);
  return { valid: false, error: message, ...(providerMessage && { provider_message: providerMessage }) };
}
