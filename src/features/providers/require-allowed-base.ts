import { isAbsolute } from "node:path";
import { EgressError } from "#base/egress/egress-error.ts";
import { AppError } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { egress } from "#core/platform.ts";
import { isOllamaBase, isOnThisMachine } from "#features/providers/ollama-base.ts";
import { providerPurpose, toEmbeddingBase } from "#features/providers/provider-access.ts";
import type { ProviderSettings } from "#features/providers/schema.ts";
import type { ProviderType } from "#models/provider-types.ts";

/** The fields of a provider that determine where its calls go. */
export interface ProviderTarget {
  readonly type: ProviderType;
  readonly apiBase: string;
  readonly settings: ProviderSettings;
}

/**
 * Throws 400 if the gateway may not call the provider's addresses. Every cause gives the same error, so callers cannot
 * use it to explore the gateway's network.
 */
export async function requireAllowedBase(ctx: Context, { type, apiBase, settings }: ProviderTarget): Promise<void> {
  if (!(await isAllowed(ctx, type, apiBase))) throw notAllowed("api_base");
  const embeddingBase = toEmbeddingBase(type, settings.embedding?.api_base ?? "");
  if (embeddingBase === "" || (isPlain(embeddingBase) && (await isReachable(ctx, type, embeddingBase)))) return;
  throw notAllowed("settings.embedding.api_base");
}

const notAllowed = (field: string) =>
  new AppError("INVALID_REQUEST", "error.api_base_not_allowed", { field }, { field, reason: "url_not_allowed" });

async function isAllowed(ctx: Context, type: ProviderType, apiBase: string): Promise<boolean> {
  if (apiBase === "") return true;
  if (!isPlain(apiBase)) return false;
  switch (type) {
    case "claude_cli":
      return apiBase === "claude" || isAbsolute(apiBase);
    case "ollama":
      return isOllamaBase(apiBase);
    case "acp":
      return isOnThisMachine(apiBase);
    default:
      return isReachable(ctx, type, apiBase);
  }
}

/**
 * Returns true if a base has no query and no fragment. The gateway appends paths, which must become part of the path.
 */
const isPlain = (base: string): boolean => !/[?#]/.test(base);

async function isReachable(ctx: Context, type: ProviderType, url: string): Promise<boolean> {
  try {
    await ctx.use(egress).for(providerPurpose(type)).check(url);
    return true;
  } catch (thrown) {
    if (thrown instanceof EgressError) return false;
    throw thrown;
  }
}
