import { LRUCache } from "lru-cache";
import { LIMITS } from "#base/limits.ts";
import type { SecretBox } from "#base/secret-box.ts";
import type { EventBus } from "#core/events.ts";
import type { BuiltinToolSettingsTable } from "#db/tables.ts";
import { fromBit, fromJson } from "#db/values.ts";
import { readToolRows, type StoredSettings, settingPlace } from "#features/tools/repository.ts";
import type { Tool } from "#runtime/tools/tool.ts";
import {
  NO_TOOL_SETTINGS,
  type TenantToolSettings,
  type ToolSettings,
  type ToolSettingsSource,
} from "#runtime/tools/tool-settings.ts";

export interface ToolSettingsSourceDependencies {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly secretBox: SecretBox;
  readonly events: EventBus;
}

const MAX_TENANTS = 10_000;

/** Reads a tenant's settings once and keeps them until one of them changes. */
export function createToolSettingsSource(dependencies: ToolSettingsSourceDependencies): ToolSettingsSource {
  const known = new LRUCache<string, TenantToolSettings>({ max: MAX_TENANTS, ttl: LIMITS.keyCacheTime });
  let generation = 0;
  const forget = ({ tenantId }: { readonly tenantId: string }) => {
    generation++;
    known.delete(tenantId);
  };
  dependencies.events.subscribe("tool.", forget);
  dependencies.events.subscribe("tenant.deleted", forget);

  return {
    async load(db) {
      const cached = known.get(db.tenantId);
      if (cached) return cached;
      const readIn = generation;
      const settings = toTenantSettings(await readToolRows(db.read), dependencies);
      // What changed while we were reading must not stay as it was.
      if (readIn === generation) known.set(db.tenantId, settings);
      return settings;
    },
  };
}

function toTenantSettings(
  rows: readonly BuiltinToolSettingsTable[],
  dependencies: ToolSettingsSourceDependencies,
): TenantToolSettings {
  const byName = new Map(rows.map((row) => [row.name, openSettings(row, dependencies)]));
  return {
    disabled: new Set(rows.filter(({ enabled }) => !fromBit(enabled)).map(({ name }) => name)),
    of: (toolName) => byName.get(toolName) ?? NO_TOOL_SETTINGS,
  };
}

function openSettings(
  row: BuiltinToolSettingsTable,
  { tools, secretBox }: ToolSettingsSourceDependencies,
): ToolSettings {
  const secretNames = tools.get(row.name)?.settings?.secrets ?? [];
  const stored = Object.entries(fromJson<StoredSettings>(row.settings));
  const open = ([field, sealed]: readonly [string, unknown]) =>
    [field, secretBox.open(String(sealed), settingPlace(row.tenant_id, row.name, field))] as const;
  return {
    values: Object.fromEntries(stored.filter(([field]) => !secretNames.includes(field))),
    secrets: Object.fromEntries(stored.filter(([field]) => secretNames.includes(field)).map(open)),
  };
}
