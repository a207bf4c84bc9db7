import type { CallOptions, TestGateway } from "#testing/test-gateway.ts";

/**
 * One resource of every kind that a path can name, made by this caller over the API. The keys are the last fixed
 * segment before a path parameter with the parameter, as in `/v1/agents/{id}`.
 */
export async function createIsolationFixtures(
  { call }: TestGateway,
  caller: CallOptions,
): Promise<Readonly<Record<string, string>>> {
  const make = async (path: string, body: object): Promise<string> => {
    const answer = await call("POST", path, body, caller);
    if (answer.status >= 300) throw new Error(`POST ${path} answered ${answer.status}: ${answer.text}`);
    return answer.body.id;
  };
  return {
    "agents/{id}": await make("/v1/agents", { agent_key: "isolated", provider: "isolated", model: "m" }),
    "providers/{id}": await make("/v1/providers", { name: "isolated", provider_type: "openai_compat" }),
    "api-keys/{id}": await make("/v1/api-keys", { name: "isolated", scopes: ["read"] }),
  };
}

/** Path parameters that name nothing of a tenant's own. */
export const FREE_PARAMETERS: readonly string[] = ["sharing/{userID}", "shares/{userID}", "assets/{file}"];
