import type { Secret } from "#base/secret.ts";
import { defineService } from "#core/service.ts";
import type { TenantDatabase } from "#db/database.ts";

/** What a tenant set for one tool. Both are empty where it set nothing. */
export interface ToolSettings {
  readonly values: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, Secret>>;
}

/** What a tenant says of all tools. */
export interface TenantToolSettings {
  /** Tools that no agent of the tenant has. */
  readonly disabled: ReadonlySet<string>;
  of(toolName: string): ToolSettings;
}

/** Reads a tenant's tool settings, from memory unless they changed: runs ask for every turn. */
export interface ToolSettingsSource {
  load(db: TenantDatabase): Promise<TenantToolSettings>;
}

export const NO_TOOL_SETTINGS: ToolSettings = { values: {}, secrets: {} };

export const toolSettingsSource = defineService<ToolSettingsSource>("tool-settings-source");
