import { z } from "zod";
import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { toolUpdated } from "#features/builtin-tools/events.ts";
import { listBuiltinTools, readBuiltinTool } from "#features/builtin-tools/repository.ts";
import {
  BuiltinTool,
  BuiltinToolList,
  BuiltinToolPath,
  UpdateBuiltinToolInput,
} from "#features/builtin-tools/schema.ts";
import { updateBuiltinTool } from "#features/builtin-tools/update-builtin-tool.ts";

export const toolOperations = [
  defineOperation({
    name: "tools.builtin.list",
    http: { method: "GET", path: "/v1/tools/builtin" },
    access: ACCESS.read,
    summary: "List the tools that come with the gateway, by name",
    description: "Each with its parameters, and with the tenant's settings; stored secrets are masked.",
    input: z.object({}),
    output: BuiltinToolList,
    run: async (ctx) => ({ tools: await listBuiltinTools(ctx) }),
  }),
  defineOperation({
    name: "tools.builtin.get",
    http: { method: "GET", path: "/v1/tools/builtin/{name}" },
    access: ACCESS.read,
    summary: "Read a tool that comes with the gateway",
    description: "With its parameters, and with the tenant's settings; stored secrets are masked.",
    input: BuiltinToolPath,
    output: BuiltinTool,
    run: async (ctx, { name }) => readBuiltinTool(ctx, name),
  }),
  defineOperation({
    name: "tools.builtin.update",
    http: { method: "PUT", path: "/v1/tools/builtin/{name}" },
    access: ACCESS.administer,
    summary: "Switch a tool on or off for the tenant, or change its settings",
    description:
      "Fields that are left out keep their values. Settings count from the next call on; a run under way keeps its tools.",
    input: UpdateBuiltinToolInput,
    output: BuiltinTool,
    audit: toolUpdated,
    example: { input: { enabled: true, settings: { blocked_domains: ["example.com"] } } },
    run: updateBuiltinTool,
  }),
];
