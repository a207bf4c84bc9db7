import { z } from "zod";
import type { AccessRule } from "#core/access.ts";
import { defineOperation } from "#core/operation.ts";
import { createProvider } from "#features/providers/create-provider.ts";
import { deleteProvider } from "#features/providers/delete-provider.ts";
import { getProviderRow, listProviders, toProvider } from "#features/providers/repository.ts";
import {
  CreateProviderInput,
  Provider,
  ProviderList,
  ProviderPath,
  UpdateProviderInput,
} from "#features/providers/schema.ts";
import { updateProvider } from "#features/providers/update-provider.ts";

const TAG = "Providers";
const ADMIN: AccessRule = { role: "admin", scope: "admin", tenant: "scoped", rate: "standard" };

export const providerOperations = [
  defineOperation({
    name: "providers.list",
    http: { method: "GET", path: "/v1/providers" },
    access: ADMIN,
    summary: "List model providers, by name",
    tag: TAG,
    input: z.object({}),
    output: ProviderList,
    errors: [],
    run: async (ctx) => ({ providers: await listProviders(ctx) }),
  }),
  defineOperation({
    name: "providers.create",
    http: { method: "POST", path: "/v1/providers", status: 201 },
    access: ADMIN,
    summary: "Configure a model provider",
    tag: TAG,
    input: CreateProviderInput,
    output: Provider,
    errors: ["INVALID_REQUEST", "ALREADY_EXISTS"],
    audit: { action: "provider.created", entity: "provider" },
    example: { input: { name: "openai", provider_type: "openai_compat", api_key: "sk-…" } },
    run: createProvider,
  }),
  defineOperation({
    name: "providers.get",
    http: { method: "GET", path: "/v1/providers/{id}" },
    access: ADMIN,
    summary: "Read a model provider",
    tag: TAG,
    input: ProviderPath,
    output: Provider,
    errors: ["NOT_FOUND"],
    run: async (ctx, { id }) => toProvider(await getProviderRow(ctx.db.read, id)),
  }),
  defineOperation({
    name: "providers.update",
    http: { method: "PUT", path: "/v1/providers/{id}" },
    access: ADMIN,
    summary: "Change a model provider",
    description: "Fields that are left out keep their values. Runs use the change from their next model call on.",
    tag: TAG,
    input: UpdateProviderInput,
    output: z.object({ status: z.literal("updated") }),
    errors: ["INVALID_REQUEST", "NOT_FOUND", "ALREADY_EXISTS"],
    audit: { action: "provider.updated", entity: "provider" },
    example: { input: { api_key: "sk-…" }, output: { status: "updated" } },
    run: async (ctx, input) => {
      await updateProvider(ctx, input);
      return { status: "updated" as const };
    },
  }),
  defineOperation({
    name: "providers.delete",
    http: { method: "DELETE", path: "/v1/providers/{id}" },
    access: ADMIN,
    summary: "Delete a model provider",
    tag: TAG,
    input: ProviderPath,
    output: z.object({ status: z.literal("deleted") }),
    errors: ["NOT_FOUND"],
    audit: { action: "provider.deleted", entity: "provider" },
    run: async (ctx, input) => {
      await deleteProvider(ctx, input);
      return { status: "deleted" as const };
    },
  }),
];
