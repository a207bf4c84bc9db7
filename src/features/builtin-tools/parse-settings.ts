import { z } from "zod";
import { AppError } from "#base/errors.ts";
import { invalidRequest } from "#core/invalid-request.ts";
import type { Tool, ToolSettingsSchema } from "#runtime/tools/index.ts";

type Given = Readonly<Record<string, unknown>>;

/** What a request says of a tool's settings: null for a field means that it goes. Throws 400 on what the tool does not take. */
export function parseSettings({ name, settings }: Tool, given: Given): Given {
  if (!settings) {
    if (Object.keys(given).length === 0) return {};
    throw new AppError("INVALID_REQUEST", "error.tool_without_settings", { name }, { field: "settings" });
  }
  const parsed = z.object({ settings: toInput(settings) }).safeParse({ settings: given });
  if (!parsed.success) throw invalidRequest(parsed.error);
  return parsed.data.settings;
}

export const toSettingsJsonSchema = (settings: ToolSettingsSchema) =>
  z.toJSONSchema(toInput(settings), { io: "input" });

/** Each field may be left out or be null, and no other is taken. Empty text stands for a secret that stays. */
function toInput({ schema, secrets }: ToolSettingsSchema) {
  const fields = Object.entries(schema.shape).map(([field, type]): [string, z.ZodType] => [
    field,
    (secrets.includes(field) ? z.literal("").or(type as z.ZodType) : (type as z.ZodType)).nullish(),
  ]);
  return z.strictObject(Object.fromEntries(fields));
}
