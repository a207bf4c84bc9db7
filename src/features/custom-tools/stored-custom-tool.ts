import type { SecretPlace } from "#base/secret-box.ts";
import type { CustomToolsTable } from "#db/tables.ts";
import { fromBit, fromJson } from "#db/values.ts";
import type { CustomTool } from "#features/custom-tools/schema.ts";

/** The fields of a tool that no query filters by. */
export type ToolConfig = Pick<
  CustomTool,
  "description" | "shell" | "parameters" | "working_dir" | "timeout_seconds" | "effect" | "tags" | "requires"
>;

/** The environment variables of a row by their names. Their values are sealed. */
export type SealedEnvironment = Readonly<Record<string, string>>;

type RowPlace = Pick<CustomToolsTable, "id" | "tenant_id">;

/** Returns the place to which a variable is sealed. It can be opened only under this name in this row. */
export const variablePlace = (row: RowPlace, name: string): SecretPlace => ({
  table: "custom_tools",
  column: `env.${name}`,
  row: row.id,
  tenant: row.tenant_id,
});

export function toCustomTool(row: CustomToolsTable): CustomTool {
  return {
    ...row,
    ...fromJson<ToolConfig>(row.config),
    enabled: fromBit(row.enabled),
    env_keys: Object.keys(fromJson<SealedEnvironment>(row.env)).sort(),
  };
}
