import { z } from "zod";
import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { statusOf } from "#core/wire.ts";
import { createApiKey } from "#features/api-keys/create-api-key.ts";
import { apiKeyCreated, apiKeyRevoked } from "#features/api-keys/events.ts";
import { listApiKeys } from "#features/api-keys/repository.ts";
import { revokeApiKey } from "#features/api-keys/revoke-api-key.ts";
import { ApiKeyList, ApiKeyPath, CreateApiKeyInput, CreatedApiKey } from "#features/api-keys/schema.ts";

export const apiKeyOperations = [
  defineOperation({
    name: "api_keys.list",
    http: { method: "GET", path: "/v1/api-keys" },
    access: ACCESS.administer,
    summary: "List API keys, newest first",
    description: "Revoked keys are listed as well. Keys of the system are shown to owners of the gateway only.",
    input: z.object({}),
    output: ApiKeyList,
    run: (ctx) => listApiKeys(ctx),
  }),
  defineOperation({
    name: "api_keys.create",
    http: { method: "POST", path: "/v1/api-keys", status: 201 },
    runsOnce: true,
    access: ACCESS.administer,
    summary: "Create an API key",
    description: "The key is shown in this answer only. Nobody can grant more than they hold.",
    input: CreateApiKeyInput,
    output: CreatedApiKey,
    audit: apiKeyCreated,
    shownOnce: ["key"],
    example: {
      input: { name: "ci", scopes: ["operator.read", "operator.write"], expires_in: 2_592_000 },
      output: {
        id: "01990000-0000-7000-8000-000000000001",
        tenant_id: "0193a5b0-7000-7000-8000-000000000001",
        name: "ci",
        prefix: "ab12cd34",
        masked: "goclaw_ab12cd34…",
        scopes: ["operator.read", "operator.write"],
        expires_at: "2026-02-01T00:00:00.000Z",
        created_at: "2026-01-02T00:00:00.000Z",
        key: "goclaw_ab12cd34ef56ab12cd34ef56ab12cd34",
      },
    },
    run: createApiKey,
  }),
  defineOperation({
    name: "api_keys.revoke",
    http: {
      method: "DELETE",
      path: "/v1/api-keys/{id}",
      aliases: [{ method: "POST", path: "/v1/api-keys/{id}/revoke" }],
    },
    access: ACCESS.administer,
    summary: "Revoke an API key",
    description: "Takes effect at once. Revoking a revoked key succeeds as well.",
    input: ApiKeyPath,
    output: statusOf("revoked"),
    audit: apiKeyRevoked,
    run: async (ctx, input) => {
      await revokeApiKey(ctx, input);
      return { status: "revoked" as const };
    },
  }),
];
