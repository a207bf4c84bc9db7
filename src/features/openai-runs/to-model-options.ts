import type { z } from "zod";
import type { JsonObject } from "#base/json.ts";
import type { AnswerSchema, EffortName, FunctionDefinition } from "#features/openai-runs/schema.ts";
import type { ModelResponseFormat, ModelSettings, ModelTool } from "#models/language-model.ts";

type Optional<Value> = Value | null | undefined;

/** The settings of a request. Null means the same as absent. */
export interface RequestedSettings {
  readonly temperature?: Optional<number>;
  readonly topP?: Optional<number>;
  readonly maxOutputTokens?: Optional<number>;
  readonly stop?: Optional<string | readonly string[]>;
  readonly seed?: Optional<number>;
  readonly presencePenalty?: Optional<number>;
  readonly frequencyPenalty?: Optional<number>;
  readonly effort?: Optional<z.infer<typeof EffortName>>;
  readonly parallelToolCalls?: Optional<boolean>;
}

/** Converts the settings of a request to those of a model. */
export function toSettings({ stop, effort, ...plain }: RequestedSettings): ModelSettings {
  return {
    ...Object.fromEntries(Object.entries(plain).filter(([, value]) => value != null)),
    ...(stop != null && { stop: typeof stop === "string" ? [stop] : stop }),
    ...(effort != null && { reasoningEffort: effort === "max" ? "xhigh" : effort }),
  };
}

/** Converts the caller's functions to tools. */
export const toClientTools = (functions: readonly FunctionDefinition[]): readonly ModelTool[] =>
  functions.map(({ name, description, parameters, strict }) => ({
    name,
    parameters: (parameters ?? { type: "object", properties: {} }) as JsonObject,
    ...(description != null && { description }),
    ...(strict != null && { strict }),
  }));

type RequestedFormat =
  | { readonly type: "text" | "json_object" }
  | ({ readonly type: "json_schema" } & z.infer<typeof AnswerSchema>);

/** Converts the requested form of the answer. Plain text is the default, so it gives undefined. */
export function toResponseFormat(format: RequestedFormat | null | undefined): ModelResponseFormat | undefined {
  switch (format?.type) {
    case "json_object":
      return { type: "json" };
    case "json_schema": {
      const { name, description, schema, strict } = format;
      return {
        type: "json_schema",
        name,
        schema: (schema ?? { type: "object" }) as JsonObject,
        ...(description != null && { description }),
        ...(strict != null && { strict }),
      };
    }
    default:
      return undefined;
  }
}
