import type { Secret } from "#base/secret.ts";
import { defineService } from "#core/service.ts";
import type { TenantDatabase } from "#db/database.ts";

/** A tenant's settings of one tool. Both fields are empty by default. */
export interface ToolSettings {
  readonly values: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, Secret>>;
}

/** A tenant's settings of all tools. */
export interface TenantToolSettings {
  /** Tools that no agent of the tenant has. */
  readonly disabled: ReadonlySet<string>;
  of(toolName: string): ToolSettings;
}

/** Loads a tenant's tool settings. Unchanged settings come from memory, because runs ask before every turn. */
export interface ToolSettingsSource {
  load(db: TenantDatabase): Promise<TenantToolSettings>;
}

export const NO_TOOL_SETTINGS: ToolSettings = { values: {}, secrets: {} };

export const toolSettingsSource = defineService<ToolSettingsSource>("tool-settings-source");
