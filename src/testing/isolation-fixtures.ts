import type { CallOptions, TestGateway } from "#testing/test-gateway.ts";

/**
 * One resource of every kind that a path can name, made by this caller over the API. The keys are the last fixed
 * segment before a path parameter with the parameter, as in `/v1/agents/{id}`.
 */
export async function createIsolationFixtures(
  { call }: TestGateway,
  caller: CallOptions,
): Promise<Readonly<Record<string, string>>> {
  const post = async (path: string, body: object) => {
    const answer = await call("POST", path, body, caller);
    if (answer.status >= 300) throw new Error(`POST ${path} answered ${answer.status}: ${answer.text}`);
    return answer.body;
  };
  const provider = await post("/v1/providers", { name: "isolated", provider_type: "demo" });
  const agent = await post("/v1/agents", { agent_key: "isolated", provider: "isolated", model: "demo" });
  const run = await post("/v1/agents/isolated/wake", { message: "hello" });
  return {
    "agents/{id}": agent.id,
    "providers/{id}": provider.id,
    "api-keys/{id}": (await post("/v1/api-keys", { name: "isolated", scopes: ["read"] })).id,
    "runs/{id}": run.run_id,
    "sessions/{key}": run.session_key,
  };
}

/** The lists in which all of them stand. */
export const ISOLATED_LISTS: readonly string[] = [
  "/v1/agents",
  "/v1/providers",
  "/v1/api-keys",
  "/v1/runs",
  "/v1/sessions",
];

/** Path parameters that name nothing of a tenant's own. */
export const FREE_PARAMETERS: readonly string[] = [
  "sharing/{userID}",
  "shares/{userID}",
  "assets/{file}",
  "builtin/{name}",
];
