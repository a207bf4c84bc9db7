import { z } from "zod";
import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { DELETED, Deleted, listOf, UPDATED, Updated } from "#core/wire.ts";
import { createProvider } from "#features/providers/create-provider.ts";
import { deleteProvider } from "#features/providers/delete-provider.ts";
import { providerCreated, providerDeleted, providerUpdated } from "#features/providers/events.ts";
import { listProviderModels } from "#features/providers/list-provider-models.ts";
import { getProviderRow, listProviders, toProvider } from "#features/providers/repository.ts";
import {
  CreateProviderInput,
  EmbeddingVerdict,
  Provider,
  ProviderModels,
  ProviderPath,
  ProviderTrouble,
  ProviderVerdict,
  UpdateProviderInput,
  VerifyEmbeddingInput,
  VerifyProviderInput,
} from "#features/providers/schema.ts";
import { updateProvider } from "#features/providers/update-provider.ts";
import { verifyEmbedding } from "#features/providers/verify-embedding.ts";
import { verifyProvider } from "#features/providers/verify-provider.ts";
import type { Trouble } from "#models/resilience/provider-health.ts";
import { modelCallServices } from "#runtime/model-calls/index.ts";

export const providerOperations = [
  defineOperation({
    name: "providers.list",
    http: { method: "GET", path: "/v1/providers" },
    access: ACCESS.administer,
    summary: "List model providers, by name",
    description: "For administrators. Stored credentials are never shown.",
    input: z.object({}),
    output: listOf("providers", Provider),
    run: async (ctx) => ({ providers: await listProviders(ctx) }),
  }),
  defineOperation({
    name: "providers.health",
    http: { method: "GET", path: "/v1/providers/health" },
    access: ACCESS.administer,
    summary: "List the providers and models that calls avoid at present",
    description: "Because they failed or asked for a pause. Each node has its own answer.",
    input: z.object({}),
    output: listOf("troubles", ProviderTrouble),
    run: async (ctx) => ({ troubles: ctx.use(modelCallServices).calls.health.troublesOf(ctx.tenantId).map(toTrouble) }),
  }),
  defineOperation({
    name: "providers.create",
    http: { method: "POST", path: "/v1/providers", status: 201 },
    runsOnce: true,
    access: ACCESS.administer,
    summary: "Configure a model provider",
    description: "For administrators. The credential is stored encrypted. `verify` tells whether it works.",
    input: CreateProviderInput,
    query: ["upsert"],
    output: Provider,
    errors: ["ALREADY_EXISTS"],
    audit: providerCreated,
    example: { input: { name: "openai", provider_type: "openai_compat", api_key: "sk-..." } },
    run: createProvider,
  }),
  defineOperation({
    name: "providers.get",
    http: { method: "GET", path: "/v1/providers/{id}" },
    access: ACCESS.administer,
    summary: "Read a model provider",
    description: "For administrators. The stored credential is never shown.",
    input: ProviderPath,
    output: Provider,
    run: async (ctx, { id }) => toProvider(await getProviderRow(ctx.db.read, id)),
  }),
  defineOperation({
    name: "providers.update",
    http: { method: "PUT", path: "/v1/providers/{id}" },
    access: ACCESS.administer,
    summary: "Change a model provider",
    description: "Fields that are left out keep their values. Runs use the change from their next model call on.",
    input: UpdateProviderInput,
    output: Updated,
    errors: ["ALREADY_EXISTS"],
    audit: providerUpdated,
    example: { input: { api_key: "sk-..." }, output: { status: "updated" } },
    run: async (ctx, input) => {
      await updateProvider(ctx, input);
      return UPDATED;
    },
  }),
  defineOperation({
    name: "providers.delete",
    http: { method: "DELETE", path: "/v1/providers/{id}" },
    access: ACCESS.administer,
    summary: "Delete a model provider",
    description: "For administrators. Its agents keep its name, and run again when there is a provider of that name.",
    input: ProviderPath,
    output: Deleted,
    audit: providerDeleted,
    run: async (ctx, input) => {
      await deleteProvider(ctx, input);
      return DELETED;
    },
  }),
  defineOperation({
    name: "providers.models",
    http: { method: "GET", path: "/v1/providers/{id}/models" },
    access: ACCESS.administer,
    summary: "List the models that a provider offers",
    description: "For administrators. The provider is asked; the list is empty where it cannot be.",
    input: ProviderPath,
    output: ProviderModels,
    errors: ["FAILED_PRECONDITION"],
    run: listProviderModels,
  }),
  defineOperation({
    name: "providers.verify",
    http: { method: "POST", path: "/v1/providers/{id}/verify" },
    runsOnce: true,
    access: ACCESS.administer,
    summary: "Try a provider, and each of its keys, with a tiny call of one of its models",
    description: "For administrators. The provider is called for real; a failure is an answer with `valid: false`.",
    input: VerifyProviderInput,
    output: ProviderVerdict,
    errors: ["FAILED_PRECONDITION"],
    example: { input: { model: "gpt-5-mini" }, output: { valid: true } },
    run: verifyProvider,
  }),
  defineOperation({
    name: "providers.verify-embedding",
    http: { method: "POST", path: "/v1/providers/{id}/verify-embedding" },
    runsOnce: true,
    access: ACCESS.administer,
    summary: "Try a provider's embeddings with one short text",
    description: "For administrators. The provider is called for real; a failure is an answer with `valid: false`.",
    input: VerifyEmbeddingInput,
    output: EmbeddingVerdict,
    errors: ["FAILED_PRECONDITION"],
    example: { input: { model: "text-embedding-3-small" }, output: { valid: true, dimensions: 1536 } },
    run: verifyEmbedding,
  }),
];

const toTrouble = ({ forMs, ...trouble }: Trouble): ProviderTrouble => ({ ...trouble, for_ms: Math.ceil(forMs) });
