import { toTimestamp } from "#base/clock.ts";
import { MASK, Secret } from "#base/secret.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { secretBox } from "#core/platform.ts";
import { fromBit, fromJson, toBit, toJson } from "#db/values.ts";
import { toolUpdated } from "#features/builtin-tools/events.ts";
import { parseSettings } from "#features/builtin-tools/parse-settings.ts";
import { type StoredSettings, settingPlace, toBuiltinTool } from "#features/builtin-tools/repository.ts";
import type { BuiltinTool, UpdateBuiltinToolInput } from "#features/builtin-tools/schema.ts";
import { getBuiltinTool } from "#features/builtin-tools/tool-registry.ts";
import type { Tool } from "#runtime/tools/index.ts";

/**
 * Switches a tool on or off for the caller's tenant, or changes its settings. A switch applies to runs that start
 * afterwards. Settings apply from the next call on. Throws `NOT_FOUND` for an unknown tool and 400 for wrong settings.
 */
export async function updateBuiltinTool(ctx: Context, input: UpdateBuiltinToolInput): Promise<BuiltinTool> {
  const tool = getBuiltinTool(ctx, input.name);
  const changes = parseSettings(tool, input.settings ?? {});

  return mutate(ctx, toolUpdated, async (queries) => {
    const now = toTimestamp(ctx.clock.now());
    const initial = { name: tool.name, enabled: toBit(true), settings: "{}", updated_at: now };
    const stored = await queries.insertOrLock("builtin_tool_settings", initial, ["name"]);
    const row = {
      ...stored,
      enabled: toBit(input.enabled ?? fromBit(stored.enabled)),
      settings: toJson(applySettings(ctx, tool, fromJson(stored.settings), changes)),
      updated_at: now,
    };
    await queries.updateTable("builtin_tool_settings").set(row).where("name", "=", tool.name).execute();
    const details = { enabled: fromBit(row.enabled), changed: Object.keys(changes) };
    return { entityId: tool.name, value: toBuiltinTool(tool, row), details };
  });
}

function applySettings(
  ctx: Context,
  { name, settings }: Tool,
  stored: StoredSettings,
  changes: StoredSettings,
): object {
  const changed = { ...stored };
  for (const [field, value] of Object.entries(changes)) {
    const isSecret = settings?.secrets.includes(field) ?? false;
    if (value === null) delete changed[field];
    else if (!isSecret) changed[field] = value;
    else if (value !== MASK && value !== "") {
      changed[field] = ctx.use(secretBox).seal(new Secret(String(value)), settingPlace(ctx.tenantId, name, field));
    }
  }
  return changed;
}
