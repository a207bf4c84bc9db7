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

/** Makes one small model call. Works for disabled providers too, so that users can test one before they enable it. */
export async function verifyProvider(ctx: Context, { id, model }: VerifyProviderInput): Promise<ProviderVerdict> {
  const row = await getProviderRow(ctx.db.read, id);
  const access = toProviderAccess(row, { secretBox: ctx.use(secretBox), egress: ctx.use(egress) });
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(LIMITS.providerTrial)]);
  const tried = model ?? (await listModels(access, signal))[0]?.id;
  if (tried === undefined)
    throw new AppError("INVALID_REQUEST", "error.required", { field: "model" }, { field: "model" });
  const error = await verifyModel(createLanguageModel(access), tried, signal);
  if (error) return explain(ctx, error, tried, access.apiKey);
  const target = { tenantId: ctx.tenantId, provider: row.name, model: tried };
  ctx.use(modelCallServices).calls.health.succeeded(target);
  return { valid: true };
}

/** Explains a failed trial in the caller's language, with what the provider said. */
export function explain(ctx: Context, error: ModelError, model: string, apiKey: Secret): ProviderVerdict {
  const providerMessage = error.words?.show([apiKey]);
  const { message } = toErrorShape(toAppError(toRunError(error, { model }), ctx), ctx.locale, ctx.requestId);
  return { valid: false, error: message, ...(providerMessage && { provider_message: providerMessage }) };
}
