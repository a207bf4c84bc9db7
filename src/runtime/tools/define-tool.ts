import { z } from "zod";
import { type JsonObject, parseJson } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import type { Tool, ToolDefinition } from "#runtime/tools/tool.ts";

/** A failure that the model should read as it is, such as a path outside its workspace. */
export class ToolError extends Error {
  override readonly name = "ToolError";
}

/** Makes a tool from its schema: the model sees the schema, and `run` only arguments that fit it. */
export function defineTool<Arguments extends z.ZodObject>(definition: ToolDefinition<Arguments>): Tool {
  const parse = (text: string): z.output<Arguments> | ToolError => {
    const json = parseArguments(text);
    if (json instanceof ToolError) return json;
    const parsed = definition.arguments.safeParse(json);
    return parsed.success ? parsed.data : new ToolError(`The arguments do not fit: ${z.prettifyError(parsed.error)}`);
  };
  return {
    name: definition.name,
    group: definition.group,
    description: definition.description,
    settings: definition.settings,
    isForMasterOnly: definition.isForMasterOnly,
    parameters: toParameters(definition.arguments),
    effectOf: (text) => {
      const input = parse(text);
      return input instanceof ToolError ? "read" : definition.effect(input);
    },
    async execute(environment, text, signal) {
      const input = parse(text);
      if (input instanceof ToolError) return { text: input.message, isError: true };
      return { text: await definition.run(environment, input, signal), isError: false };
    },
  };
}

/** JSON Schema is JSON by definition; only its type does not say so. Which dialect it is costs tokens and says nothing. */
function toParameters(schema: z.ZodObject): JsonObject {
  const { $schema: _, ...parameters } = z.toJSONSchema(schema, { io: "input" });
  return parameters as JsonObject;
}

function parseArguments(text: string): unknown {
  try {
    return text.trim() === "" ? {} : parseJson(text, LIMITS.jsonDepth);
  } catch {
    return new ToolError("The arguments are not valid JSON. Call the tool again with valid JSON.");
  }
}
