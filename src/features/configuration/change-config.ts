import type { z } from "zod";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import type { Context } from "#core/context.ts";
import { type ConfigChange, configStore } from "#core/live/config-store.ts";
import { mutate } from "#core/mutate.ts";
import { configUpdated } from "#features/configuration/events.ts";
import type { ChangeConfigInput, ChangedConfig } from "#features/configuration/schema.ts";

/** Changes the configuration file. The activity log gets the names of the keys, and never their values. */
export async function changeConfig(
  ctx: Context,
  kind: ConfigChange["kind"],
  { raw, base_hash: baseHash }: ChangeConfigInput,
): Promise<z.input<typeof ChangedConfig>> {
  const record = (changed: readonly string[]) =>
    mutate(ctx, configUpdated, async () => ({
      entityId: "config.json",
      tenantId: MASTER_TENANT_ID,
      value: undefined,
      details: { changed: [...changed] },
    }));
  const { path, config, hash, from_file, from_environment, restart_keys, warnings } = await ctx
    .use(configStore)
    .change({ kind, raw, baseHash }, record);
  return {
    ok: true,
    path,
    config: { ...config },
    hash,
    from_file: [...from_file],
    from_environment: [...from_environment],
    restart: restart_keys.length > 0,
    restart_keys: [...restart_keys],
    warnings: [...warnings],
  };
}
