import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { DELETED, Deleted, UPDATED, Updated } from "#core/wire.ts";
import { createCustomTool } from "#features/custom-tools/create-custom-tool.ts";
import { deleteCustomTool } from "#features/custom-tools/delete-custom-tool.ts";
import { customToolCreated, customToolDeleted, customToolUpdated } from "#features/custom-tools/events.ts";
import { getCustomToolRow, listCustomTools } from "#features/custom-tools/repository.ts";
import * as schema from "#features/custom-tools/schema.ts";
import { toCustomTool } from "#features/custom-tools/stored-custom-tool.ts";
import { updateCustomTool } from "#features/custom-tools/update-custom-tool.ts";

const PATH = "/v1/tools/custom";

export const customToolOperations = [
  defineOperation({
    name: "tools.custom.list",
    http: { method: "GET", path: PATH },
    access: ACCESS.read,
    summary: "List the tenant's own tools, by name",
    description: "Commands that agents call as tools. Stored environment variables are named and never shown.",
    input: schema.ListCustomToolsInput,
    output: schema.CustomToolPage,
    run: listCustomTools,
  }),
  defineOperation({
    name: "tools.custom.create",
    http: { method: "POST", path: PATH, status: 201 },
    runsOnce: true,
    access: ACCESS.administer,
    summary: "Create a tool from a command",
    description:
      "The command is split into words once. An argument fills a part of one word and never makes another. Agents have the tool from their next run on.",
    input: schema.CreateCustomToolInput,
    output: schema.CustomTool,
    errors: ["ALREADY_EXISTS", "FAILED_PRECONDITION"],
    audit: customToolCreated,
    example: {
      input: {
        name: "dns_lookup",
        description: "Look up the addresses of a host",
        command: "getent hosts {{.host}}",
        parameters: { type: "object", properties: { host: { type: "string" } }, required: ["host"] },
        effect: "read",
      },
    },
    run: createCustomTool,
  }),
  defineOperation({
    name: "tools.custom.get",
    http: { method: "GET", path: `${PATH}/{id}` },
    access: ACCESS.read,
    summary: "Read one of the tenant's own tools",
    description: "With the names of its environment variables.",
    input: schema.CustomToolPath,
    output: schema.CustomTool,
    run: async (ctx, { id }) => toCustomTool(await getCustomToolRow(ctx.db.read, id)),
  }),
  defineOperation({
    name: "tools.custom.update",
    http: { method: "PUT", path: `${PATH}/{id}` },
    access: ACCESS.administer,
    summary: "Change one of the tenant's own tools",
    description: "Fields that are left out keep their values. A new command needs the values of `env` again.",
    input: schema.UpdateCustomToolInput,
    output: Updated,
    errors: ["ALREADY_EXISTS"],
    audit: customToolUpdated,
    example: { input: { timeout_seconds: 30 }, output: UPDATED },
    run: updateCustomTool,
  }),
  defineOperation({
    name: "tools.custom.delete",
    http: { method: "DELETE", path: `${PATH}/{id}` },
    access: ACCESS.administer,
    summary: "Delete one of the tenant's own tools",
    description: "Agents lose it with their next run.",
    input: schema.CustomToolPath,
    output: Deleted,
    audit: customToolDeleted,
    example: { output: DELETED },
    run: deleteCustomTool,
  }),
];
