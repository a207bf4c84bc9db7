import { z } from "zod";
import type { JsonObject } from "#base/json.ts";
import { parseCallArguments } from "#models/call-arguments.ts";
import { coerceArguments } from "#runtime/tools/coerce-arguments.ts";
import type { Tool, ToolDefinition, ToolOutcome, ToolPart } from "#runtime/tools/tool.ts";

/** A failure whose message the model should read unchanged, such as a path outside its workspace. */
export class ToolError extends Error {
  override readonly name = "ToolError";
}

/** Creates a tool from its schema. The model reads the schema, and `run` receives only arguments that fit it. */
export function defineTool<Arguments extends z.ZodObject>(definition: ToolDefinition<Arguments>): Tool {
  const parameters = toParameters(definition.arguments);
  const parse = (text: string): z.output<Arguments> | ToolError => {
    const json = parseArguments(text);
    if (json instanceof ToolError) return json;
    const parsed = definition.arguments.safeParse(coerceArguments(parameters, json));
    return parsed.success ? parsed.data : new ToolError(`The arguments do not fit: ${z.prettifyError(parsed.error)}`);
  };
  return {
    name: definition.name,
    group: definition.group,
    description: definition.description,
    settings: definition.settings,
    isForMasterOnly: definition.isForMasterOnly,
    parameters,
    effectOf: (text) => {
      const input = parse(text);
      return input instanceof ToolError ? "read" : definition.effect(input);
    },
    async execute(environment, text, signal) {
      const input = parse(text);
      if (input instanceof ToolError) return toolFailure(input.message);
      const answer = await definition.run(environment, input, signal);
      return { parts: typeof answer === "string" ? [textPart(answer)] : answer, isError: false };
    },
  };
}

export const textPart = (text: string): ToolPart => ({ type: "text", text });

/** A part whose value the model reads as JSON text. */
export const jsonPart = (value: unknown): ToolPart => ({ type: "json", value });

/** A picture in one of the formats that models take. Its type is told by its bytes. */
export const imagePart = (bytes: Uint8Array): ToolPart => ({ type: "image", bytes });

/** Text from outside the gateway, such as a web page. The model is told to read it as data. */
export const untrustedPart = (source: string, text: string): ToolPart => ({
  type: "text",
  text,
  untrustedSource: source,
});

export const toolFailure = (text: string): ToolOutcome => ({ parts: [textPart(text)], isError: true });

/** Omits `$schema`, which costs tokens and tells the model nothing. Safe: a JSON Schema is JSON by definition. */
function toParameters(schema: z.ZodObject): JsonObject {
  const { $schema: _, ...parameters } = z.toJSONSchema(schema, { io: "input" });
  return parameters as JsonObject;
}

/** What the model reads about a call whose arguments cannot be read. */
export const BROKEN_ARGUMENTS = "The arguments are not valid JSON. Call the tool again with valid JSON.";

/** Returns whether the arguments of a call can be read. */
export const hasReadableArguments = (text: string): boolean => !(parseArguments(text) instanceof ToolError);

/** Returns the arguments of a call, or the error that the model reads if they are not JSON. */
export function parseArguments(text: string): unknown {
  try {
    return parseCallArguments(text);
  } catch {
    return new ToolError(BROKEN_ARGUMENTS);
  }
}
