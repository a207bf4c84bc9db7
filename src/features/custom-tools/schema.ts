import { z } from "zod";
import { SECOND } from "#base/clock.ts";
import { isUuid } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { freeForm, withinBytes } from "#core/free-form.ts";
import { longPageFields, pageOf, SingleLine, Timestamp } from "#core/wire.ts";

/** The effects of a call by which the gateway decides whether it may be repeated after a crash. */
const EFFECTS = ["read", "idempotent", "once"] as const;

/** Model providers take names of at most 64 characters. The prefix is kept for tools of MCP servers. */
const Name = z
  .string()
  .max(64)
  .regex(/^(?!mcp_)[a-z0-9]([a-z0-9_-]*[a-z0-9])?$/, "field.tool_name")
  .refine((text) => !isUuid(text), "field.tool_name")
  .describe("Lower-case letters, digits, hyphens and underscores. Unique in the tenant, or for its agent");

const Parameters = freeForm(LIMITS.schemaBytes)
  .refine(isObjectSchema, "field.json_schema")
  .describe("JSON Schema of its arguments, of type object");

/** Returns whether a value is a JSON Schema that arguments can be checked with. */
function isObjectSchema(schema: Readonly<Record<string, unknown>>): boolean {
  try {
    z.fromJSONSchema(schema);
    return schema.type === undefined || schema.type === "object";
  } catch {
    return false;
  }
}

const VariableName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z_]\w*$/);
const Variable = z
  .string()
  .max(LIMITS.customToolVariableChars)
  .refine((text) => !text.includes("\0"), "field.format");

const fields = {
  name: Name,
  description: z.string().max(LIMITS.customToolDescriptionChars).describe("Tells the model when to use it"),
  command: z
    .string()
    .min(1)
    .max(LIMITS.execCommandChars)
    .describe("A program with its arguments. `{{.name}}` is replaced by the argument of that name"),
  shell: z
    .boolean()
    .describe("True: `sh -c` runs the command. For the operator of the gateway, or where a sandbox works"),
  parameters: Parameters,
  working_dir: SingleLine.max(1_000).nullable().describe("Relative to the agent's workspace; null is the workspace"),
  timeout_seconds: z
    .int()
    .max(LIMITS.execTimeMax / SECOND)
    .transform((seconds) => (seconds > 0 ? seconds : LIMITS.execTime / SECOND))
    .describe("How long a call may take; 0 means 60"),
  agent_id: z
    .string()
    .nullable()
    .transform((reference) => reference || null)
    .describe("Id or key of the only agent that has it; null: every agent"),
  enabled: z.boolean(),
  effect: z.enum(EFFECTS).describe("What a repeated call does. A call that is `once` is never repeated after a crash"),
  env: withinBytes(z.record(VariableName, Variable), LIMITS.customToolEnvironmentBytes).describe(
    'Environment variables, stored encrypted and never shown. "***" keeps the stored value of its name',
  ),
  tags: z.array(SingleLine.max(100)).max(50).describe("For people to sort tools by"),
  requires: z.array(SingleLine.max(100)).max(50).describe("What the command needs, for people to read"),
};

const { env: _, ...shown } = fields;
export const CustomTool = z
  .object({
    ...shown,
    id: z.string(),
    agent_id: z.string().nullable(),
    timeout_seconds: z.int(),
    env_keys: z.array(z.string()).describe("The names of its environment variables"),
    created_by: z.string(),
    created_at: Timestamp,
    updated_at: Timestamp,
  })
  .meta({ id: "CustomTool", description: "A command that agents can call as a tool" });
export type CustomTool = z.infer<typeof CustomTool>;

export const CustomToolPage = pageOf("tools", CustomTool).meta({ id: "CustomToolPage" });

export const ListCustomToolsInput = z.object({
  agent_id: z.string().optional().describe("Only the tools of this agent (id or key), without those of every agent"),
  search: z.string().max(200).optional().describe("A part of the name or description, in any case"),
  enabled: z
    .enum(["true", "false", "all"])
    .default("true")
    .describe("Which ones to list. Only administrators see those that are switched off"),
  ...longPageFields,
});
export type ListCustomToolsInput = z.infer<typeof ListCustomToolsInput>;

const optional = z.object(fields).partial();

export const CreateCustomToolInput = optional
  .extend({ name: fields.name, command: fields.command })
  .meta({ id: "CreateCustomToolInput" });
export type CreateCustomToolInput = z.infer<typeof CreateCustomToolInput>;

export const CustomToolPath = z.object({ id: z.string().describe("The tool's id") });
export type CustomToolPath = z.infer<typeof CustomToolPath>;

export const UpdateCustomToolInput = optional.extend(CustomToolPath.shape).meta({ id: "UpdateCustomToolInput" });
export type UpdateCustomToolInput = z.infer<typeof UpdateCustomToolInput>;
