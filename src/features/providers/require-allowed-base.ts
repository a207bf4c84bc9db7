import { isAbsolute } from "node:path";
import { EgressError } from "#base/egress/egress-error.ts";
import { AppError } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { egress } from "#core/platform.ts";
import type { ProviderSettings } from "#features/providers/schema.ts";
import type { ProviderType } from "#models/provider-types.ts";

/** What of a provider says where its calls go. */
export interface ProviderTarget {
  readonly type: ProviderType;
  readonly apiBase: string;
  readonly settings: ProviderSettings;
}

/**
 * Throws 400 unless the gateway may call what the provider points at. Every cause gives the same answer, so that it
 * cannot be used to look around in the gateway's network.
 */
export async function requireAllowedBase(ctx: Context, { type, apiBase, settings }: ProviderTarget): Promise<void> {
  if (!(await isAllowed(ctx, type, apiBase))) throw notAllowed("api_base");
  const embeddingBase = settings.embedding?.api_base ?? "";
  if (embeddingBase && !(await isReachable(ctx, embeddingBase))) throw notAllowed("settings.embedding.api_base");
}

const notAllowed = (field: string) =>
  new AppError("INVALID_REQUEST", "error.api_base_not_allowed", { field }, { field, reason: "url_not_allowed" });

async function isAllowed(ctx: Context, type: ProviderType, apiBase: string): Promise<boolean> {
  if (apiBase === "") return true;
  switch (type) {
    case "claude_cli":
      return apiBase === "claude" || isAbsolute(apiBase);
    case "ollama":
    case "acp":
      return isOnThisMachine(apiBase);
    default:
      return isReachable(ctx, apiBase);
  }
}

const THIS_MACHINE = ["localhost", "127.0.0.1", "[::1]", "host.docker.internal"];

function isOnThisMachine(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && THIS_MACHINE.includes(hostname) && username === "" && password === "";
}

async function isReachable(ctx: Context, url: string): Promise<boolean> {
  try {
    await ctx.use(egress).for("provider").check(url);
    return true;
  } catch (thrown) {
    if (thrown instanceof EgressError) return false;
    throw thrown;
  }
}
