import { MASK } from "#base/secret.ts";
import type { SecretPlace } from "#base/secret-box.ts";
import type { Context } from "#core/context.ts";
import type { BuiltinToolSettingsTable } from "#db/tables.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { fromBit, fromJson } from "#db/values.ts";
import { toSettingsJsonSchema } from "#features/builtin-tools/parse-settings.ts";
import type { BuiltinTool } from "#features/builtin-tools/schema.ts";
import { getBuiltinTool, toolRegistry } from "#features/builtin-tools/tool-registry.ts";
import type { Tool } from "#runtime/tools/index.ts";

/** The settings of a row. Secrets among them are sealed. */
export type StoredSettings = Readonly<Record<string, unknown>>;

/** Returns the place to which a secret is sealed. The secret can be opened only in this field of this row. */
export const settingPlace = (tenantId: string, toolName: string, field: string): SecretPlace => ({
  table: "builtin_tool_settings",
  column: `settings.${field}`,
  row: toolName,
  tenant: tenantId,
});

export const readToolRows = (queries: TenantReads): Promise<BuiltinToolSettingsTable[]> =>
  queries.selectFrom("builtin_tool_settings").selectAll().execute();

export async function listBuiltinTools(ctx: Context): Promise<BuiltinTool[]> {
  const rows = new Map((await readToolRows(ctx.db.read)).map((row) => [row.name, row]));
  const tools = [...ctx.use(toolRegistry).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return tools.map((tool) => toBuiltinTool(tool, rows.get(tool.name)));
}

export async function readBuiltinTool(ctx: Context, name: string): Promise<BuiltinTool> {
  const tool = getBuiltinTool(ctx, name);
  const query = ctx.db.read.selectFrom("builtin_tool_settings").selectAll().where("name", "=", name);
  return toBuiltinTool(tool, await query.executeTakeFirst());
}

export function toBuiltinTool(tool: Tool, row: BuiltinToolSettingsTable | undefined): BuiltinTool {
  const { name, group, description, parameters, settings } = tool;
  return {
    name,
    group,
    description,
    parameters,
    enabled: row === undefined || fromBit(row.enabled),
    settings: row ? maskSecrets(tool, fromJson<StoredSettings>(row.settings)) : {},
    settings_schema: settings && toSettingsJsonSchema(settings),
    updated_at: row?.updated_at,
  };
}

/** Masks secrets and leaves out fields that the tool does not know. A later release may have stored such fields. */
function maskSecrets({ settings }: Tool, stored: StoredSettings): StoredSettings {
  const known = Object.entries(stored).filter(([field]) => settings && Object.hasOwn(settings.schema.shape, field));
  return Object.fromEntries(known.map(([field, value]) => [field, settings?.secrets.includes(field) ? MASK : value]));
}
