import type { CallOptions, TestGateway } from "#testing/test-gateway.ts";

/**
 * Creates one resource of every kind that a path can name, through the API as the given caller. The keys are the last
 * fixed path segment with its parameter, such as `agents/{id}` for `/v1/agents/{id}`.
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

/** The lists that contain these resources. */
export const ISOLATED_LISTS: readonly string[] = [
  "/v1/agents",
  "/v1/providers",
  "/v1/api-keys",
  "/v1/runs",
  "/v1/sessions",
];

/** Path parameters that do not name a tenant's resource. */
export const FREE_PARAMETERS: readonly string[] = [
  "sharing/{userID}",
  "shares/{userID}",
  "assets/{file}",
  "builtin/{name}",
];
