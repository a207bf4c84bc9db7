import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { freeForm } from "#core/free-form.ts";

// The parts of a request that all of OpenAI's routes have.

/** A function of the caller. */
export const FunctionDefinition = z.object({
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, "field.format"),
  description: z.string().nullish(),
  parameters: freeForm(LIMITS.schemaBytes).nullish().describe("JSON Schema of an object"),
  strict: z.boolean().nullish(),
});
export type FunctionDefinition = z.infer<typeof FunctionDefinition>;

/** The schema that an answer has to fit. */
export const AnswerSchema = z.object({
  name: z.string().min(1).max(64),
  description: z.string().nullish(),
  schema: freeForm(LIMITS.schemaBytes).nullish(),
  strict: z.boolean().nullish(),
});

export const EffortName = z
  .enum(["none", "minimal", "low", "medium", "high", "xhigh", "max"])
  .describe("`max` is the same as `xhigh`: the highest level that the model has");

export const AgentModel = z
  .string()
  .max(300)
  .describe(
    "`goclaw:<agent id or key>` or `agent:<…>`; otherwise the header X-GoClaw-Agent-Id, then the default agent",
  );

export const EndUser = z
  .string()
  .min(1)
  .meta({ maxLength: LIMITS.userIdBytes })
  .describe("Whose conversation it is; ignored for keys bound to a user");

/** How many functions a request may bring. */
export const MAX_FUNCTIONS = 128;
