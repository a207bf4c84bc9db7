import { z } from "zod";
import { AppError } from "#base/errors.ts";
import { invalidRequest } from "#core/invalid-request.ts";
import type { Tool, ToolSettingsSchema } from "#runtime/tools/index.ts";

type SettingsInput = Readonly<Record<string, unknown>>;

/** Parses the settings of a request. Null removes a field. Throws 400 if a field or value does not fit the tool. */
export function parseSettings({ name, settings }: Tool, input: SettingsInput): SettingsInput {
  if (!settings) {
    if (Object.keys(input).length === 0) return {};
    throw new AppError("INVALID_REQUEST", "error.tool_without_settings", { name }, { field: "settings" });
  }
  const parsed = z.object({ settings: toInput(settings) }).safeParse({ settings: input });
  if (!parsed.success) throw invalidRequest(parsed.error);
  return parsed.data.settings;
}

export const toSettingsJsonSchema = (settings: ToolSettingsSchema) =>
  z.toJSONSchema(toInput(settings), { io: "input" });

/** Makes each field optional and nullable, and refuses unknown fields. An empty text keeps the stored secret. */
function toInput({ schema, secrets }: ToolSettingsSchema) {
  const fields = Object.entries(schema.shape).map(([field, type]): [string, z.ZodType] => [
    field,
    (secrets.includes(field) ? z.literal("").or(type as z.ZodType) : (type as z.ZodType)).nullish(),
  ]);
  return z.strictObject(Object.fromEntries(fields));
}
