import type { z } from "zod";
import { isRecord } from "#base/json.ts";
import { invalidRequest } from "#core/invalid-request.ts";

/**
 * Parses the input of an operation. Many clients send null or an empty text for a field that they leave out. Where an
 * optional field would refuse that value, it counts as absent. Throws `INVALID_REQUEST`.
 */
export function parseInput<Schema extends z.ZodObject>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const refused = parsed.error.issues.flatMap(({ path }) => (path.length === 1 ? path : []));
  const empty = refused.filter((name) => isEmptyOption(schema, input, String(name)));
  if (empty.length === 0) throw invalidRequest(parsed.error);
  const fields = Object.entries(input as object).filter(([name]) => !empty.includes(name));
  const again = schema.safeParse(Object.fromEntries(fields));
  if (again.success) return again.data;
  throw invalidRequest(again.error);
}

function isEmptyOption(schema: z.ZodObject, input: unknown, name: string): boolean {
  const value = isRecord(input) ? input[name] : undefined;
  return (value === null || value === "") && (schema.shape[name]?.safeParse(undefined).success ?? false);
}
