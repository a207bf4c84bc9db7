import type { JSONSchema7, LanguageModelV3CallOptions } from "@ai-sdk/provider";
import type { JsonObject } from "#base/json.ts";
import type { ModelRequest, ModelResponseFormat, ModelTool, ModelToolChoice } from "#models/language-model.ts";

type CleanSchema = (schema: JsonObject) => JsonObject;

/** Converts the call options that all wire formats share. `cleanSchema` adapts JSON Schemas to the format. */
export function toSharedOptions(
  request: ModelRequest,
  cleanSchema: CleanSchema,
): Omit<LanguageModelV3CallOptions, "prompt"> {
  const { settings, tools, toolChoice, responseFormat } = request;
  return {
    ...present("maxOutputTokens", settings.maxOutputTokens),
    ...present("temperature", settings.temperature),
    ...present("topP", settings.topP),
    ...present("seed", settings.seed),
    ...present("presencePenalty", settings.presencePenalty),
    ...present("frequencyPenalty", settings.frequencyPenalty),
    ...present("stopSequences", settings.stop && [...settings.stop]),
    ...(tools.length > 0 && { tools: tools.map((tool) => toFunctionTool(tool, cleanSchema)) }),
    ...(tools.length > 0 && toolChoice !== undefined && { toolChoice: toSdkToolChoice(toolChoice) }),
    ...(responseFormat !== undefined && { responseFormat: toSdkResponseFormat(responseFormat, cleanSchema) }),
  };
}

/** Omits undefined fields, because the SDK distinguishes absent from undefined in places. */
const present = <Key extends string, Value>(key: Key, value: Value | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { [Name in Key]?: Value };

function toFunctionTool({ name, description, parameters, strict }: ModelTool, cleanSchema: CleanSchema) {
  return {
    type: "function" as const,
    name,
    inputSchema: toSdkSchema(cleanSchema(parameters)),
    ...(description !== undefined && { description }),
    ...(strict !== undefined && { strict }),
  };
}

function toSdkToolChoice(choice: ModelToolChoice) {
  return typeof choice === "string" ? { type: choice } : { type: "tool" as const, toolName: choice.name };
}

function toSdkResponseFormat(format: ModelResponseFormat, cleanSchema: CleanSchema) {
  if (format.type !== "json_schema") return { type: format.type };
  const { name, schema, description } = format;
  return {
    type: "json" as const,
    name,
    schema: toSdkSchema(cleanSchema(schema)),
    ...(description !== undefined && { description }),
  };
}

/** Safe: the gateway passes the JSON Schema to the provider and never reads it. */
const toSdkSchema = (schema: JsonObject) => schema as JSONSchema7;
