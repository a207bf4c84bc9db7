import { LIMITS } from "#base/limits.ts";
import { Remembered } from "#base/remembered.ts";
import type { SecretBox } from "#base/secret-box.ts";
import type { EventBus } from "#core/events/events.ts";
import type { BuiltinToolSettingsTable } from "#db/tables.ts";
import { fromBit, fromJson } from "#db/values.ts";
import { builtinToolEvents } from "#features/builtin-tools/events.ts";
import { readToolRows, type StoredSettings, settingPlace } from "#features/builtin-tools/repository.ts";
import { tenantDeleted } from "#features/tenants/index.ts";
import type { Tool } from "#runtime/tools/index.ts";
import {
  NO_TOOL_SETTINGS,
  type TenantToolSettings,
  type ToolSettings,
  type ToolSettingsSource,
} from "#runtime/tools/index.ts";

export interface ToolSettingsSourceDependencies {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly secretBox: SecretBox;
  readonly events: EventBus;
}

const MAX_TENANTS = 10_000;

/** Creates a source that caches a tenant's tool settings until one changes, or for `LIMITS.keyCacheTime`. */
export function createToolSettingsSource(dependencies: ToolSettingsSourceDependencies): ToolSettingsSource {
  const known = new Remembered<TenantToolSettings>({ max: MAX_TENANTS, ttl: LIMITS.keyCacheTime });
  dependencies.events.subscribe([...builtinToolEvents, tenantDeleted], {
    receive: ({ tenantId }) => known.forget((key) => key === tenantId),
    onMissed: () => known.forget(),
  });
  return {
    load: (db) => known.get(db.tenantId, async () => toTenantSettings(await readToolRows(db.read), dependencies)),
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
