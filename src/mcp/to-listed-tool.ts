import { z } from "zod";
import type { JsonObject } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import { toParameters } from "#mcp/to-parameters.ts";
import type { ToolEffect } from "#runtime/transcript/index.ts";

/** A tool as its server lists it, within the gateway's limits. */
export interface ListedTool {
  /** The server's name of the tool. It may contain anything. */
  readonly name: string;
  readonly description: string;
  /** A JSON Schema of type object that every model provider takes. */
  readonly parameters: JsonObject;
  /** The server's names of parameters that had to be renamed, by the names in `parameters`. */
  readonly renamed: Readonly<Record<string, string>>;
  readonly effect: ToolEffect;
}

const MAX_NAME_CHARS = 1_000;

/** Servers deviate from the protocol in many ways. Only the name is needed. */
const Listed = z.object({
  name: z.string().min(1).max(MAX_NAME_CHARS),
  title: z.string().optional().catch(undefined),
  description: z.string().optional().catch(undefined),
  inputSchema: z.unknown().optional(),
  annotations: z
    .object({ readOnlyHint: z.unknown(), idempotentHint: z.unknown(), title: z.unknown() })
    .partial()
    .optional()
    .catch(undefined),
});

/** Returns a listed tool, or undefined for one that no model could use. */
export function toListedTool(value: unknown): ListedTool | undefined {
  const parsed = Listed.safeParse(value);
  if (!parsed.success) return undefined;
  const { name, title = "", description = "", inputSchema, annotations = {} } = parsed.data;
  const schema = toParameters(inputSchema);
  if (!schema) return undefined;
  return {
    name: name.toWellFormed(),
    description: cleanText(description || title),
    ...schema,
    effect: toEffect(annotations),
  };
}

/** The protocol's default is that a tool changes something and that a repeated call does it again. */
const toEffect = ({
  readOnlyHint,
  idempotentHint,
}: {
  readOnlyHint?: unknown;
  idempotentHint?: unknown;
}): ToolEffect => (readOnlyHint === true ? "read" : idempotentHint === true ? "idempotent" : "once");

/** Removes control and invisible formatting characters, in which instructions could hide from people. */
const cleanText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/(?![\n\t])[\p{Cc}\p{Cf}\u{E0000}-\u{E007F}]/gu, "")
    .slice(0, LIMITS.mcpDescriptionChars)
    .toWellFormed();
