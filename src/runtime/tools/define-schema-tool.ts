import { z } from "zod";
import { isJsonObject, type JsonObject } from "#base/json.ts";
import { coerceArguments } from "#runtime/tools/coerce-arguments.ts";
import { parseArguments, ToolError, toolFailure } from "#runtime/tools/define-tool.ts";
import type { SchemaToolDefinition, Tool } from "#runtime/tools/tool.ts";

/**
 * Creates a tool from a JSON Schema that somebody outside the gateway wrote. Arguments are fitted to the schema and
 * checked against it. A schema that cannot be understood checks nothing.
 */
export function defineSchemaTool({ effect, run, ...definition }: SchemaToolDefinition): Tool {
  let check: z.ZodType | undefined;
  const parse = (text: string): JsonObject | ToolError => {
    const json = parseArguments(text);
    if (json instanceof ToolError) return json;
    const fitted = coerceArguments(definition.parameters, json);
    if (!isJsonObject(fitted)) return new ToolError("The arguments do not fit: they must be an object.");
    check ??= toCheck(definition.parameters);
    const checked = check.safeParse(fitted);
    return checked.success ? fitted : new ToolError(`The arguments do not fit: ${z.prettifyError(checked.error)}`);
  };
  return {
    ...definition,
    effectOf: (text) => (parse(text) instanceof ToolError ? "read" : effect),
    async execute(environment, text, signal) {
      const input = parse(text);
      if (input instanceof ToolError) return toolFailure(input.message);
      const answer = await run(environment, input, signal);
      return "parts" in answer ? answer : { parts: answer, isError: false };
    },
  };
}

function toCheck(schema: JsonObject): z.ZodType {
  try {
    return z.fromJSONSchema(schema);
  } catch {
    return z.unknown();
  }
}
