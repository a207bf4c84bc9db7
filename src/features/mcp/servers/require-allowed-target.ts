import { EgressError } from "#base/egress/egress-error.ts";
import { AppError, failedPrecondition } from "#base/errors.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { egress } from "#core/platform.ts";
import { mcpSettings } from "#features/mcp/mcp-settings.ts";
import type { Transport } from "#features/mcp/servers/schema.ts";

/** The fields of a server that say what the gateway calls or starts. */
export interface TargetFields {
  readonly transport: Transport;
  readonly command: string;
  readonly url: string;
}

/**
 * Throws 400 if the gateway may not call the server. A server that is a process is for administrators in the master
 * tenant. Throws 403 for others, and 409 if the operator of the host allows no processes.
 */
export async function requireAllowedTarget(ctx: Context, target: TargetFields): Promise<void> {
  if (target.transport === "stdio") {
    requireOperator(ctx);
    if (target.command === "") throw missing("command");
    return;
  }
  if (target.url === "") throw missing("url");
  await requireAllowedUrl(ctx, target.url);
}

/** The field is optional for the schema, because only some transports need it. */
const missing = (field: string) =>
  new AppError("INVALID_REQUEST", "error.required", { field }, { reason: "no_target" });

function requireOperator(ctx: Context): void {
  if (!hasRole(ctx, "owner") && ctx.tenantId !== MASTER_TENANT_ID) {
    throw new AppError("UNAUTHORIZED", "error.master_scope_required", {}, { status: 403 });
  }
  if (ctx.use(mcpSettings).stdio === "off") throw failedPrecondition("error.mcp_stdio_off", {}, "mcp_stdio_off");
}

/** Every cause gives the same error, so callers cannot use it to explore the gateway's network. */
async function requireAllowedUrl(ctx: Context, url: string): Promise<void> {
  try {
    await ctx.use(egress).for("provider").check(url);
  } catch (thrown) {
    if (!(thrown instanceof EgressError)) throw thrown;
    const options = { field: "url", reason: "url_not_allowed" };
    throw new AppError("INVALID_REQUEST", "error.mcp_url_not_allowed", {}, options);
  }
}
