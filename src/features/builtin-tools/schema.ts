import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { freeForm } from "#core/free-form.ts";
import { Timestamp } from "#core/wire.ts";

const Settings = z.record(z.string(), z.unknown());

/** A built-in tool with the settings of one tenant. */
export const BuiltinTool = z
  .object({
    name: z.string(),
    group: z.string().describe("Policies name the tools of a group together, as `group:web`"),
    description: z.string().describe("What models read of it"),
    parameters: Settings.describe("JSON Schema of its arguments"),
    enabled: z.boolean().describe("False: no agent of the tenant has it"),
    settings: Settings.describe('What the tenant set; a stored secret is shown as "***"'),
    settings_schema: Settings.optional().describe("JSON Schema of its settings; absent where there is nothing to set"),
    updated_at: Timestamp.optional().describe("When the tenant last changed it"),
  })
  .meta({ id: "BuiltinTool", description: "A tool that comes with the gateway" });
export type BuiltinTool = z.infer<typeof BuiltinTool>;

export const BuiltinToolList = z
  .object({ tools: z.array(BuiltinTool) })
  .meta({ id: "BuiltinToolList", description: "The tools that come with the gateway, by name" });

export const BuiltinToolPath = z.object({ name: z.string().describe("The tool's name, such as `web_fetch`") });
export type BuiltinToolPath = z.infer<typeof BuiltinToolPath>;

export const UpdateBuiltinToolInput = z
  .object({
    name: BuiltinToolPath.shape.name,
    enabled: z.boolean().optional(),
    settings: freeForm(LIMITS.metadataBytes)
      .optional()
      .describe(
        'By the tool\'s settings_schema. Fields that are left out keep their values, null removes one; "***" or empty text keeps a secret',
      ),
  })
  .meta({ id: "UpdateBuiltinToolInput" });
export type UpdateBuiltinToolInput = z.infer<typeof UpdateBuiltinToolInput>;
