import type { Environment } from "#app/config/read-environment.ts";
import type { Config } from "#app/config/schema.ts";
import type { Home } from "#app/home.ts";
import type { Clock } from "#base/clock.ts";
import { Secret } from "#base/secret.ts";
import { createBuiltinTools } from "#runtime/tools/create-builtin-tools.ts";
import type { ToolGuard } from "#runtime/tools/run-tool.ts";
import { createScrubber } from "#runtime/tools/scrub-credentials.ts";
import type { Tool } from "#runtime/tools/tool.ts";
import { createToolRateLimiter } from "#runtime/tools/tool-rate-limiter.ts";

/** The gateway's own tools as the operator configured them. */
export function createTools(config: Config["tools"]): ReadonlyMap<string, Tool> {
  const { web_fetch, web_search: search } = config;
  return createBuiltinTools({
    ...(config.exec === "master" && { exec: { denyGroups: config.shell_deny_groups } }),
    webFetchRules: web_fetch,
    webSearch: {
      keys: {
        ...(search.exa_api_key && { exa: search.exa_api_key }),
        ...(search.tavily_api_key && { tavily: search.tavily_api_key }),
        ...(search.brave_api_key && { brave: search.brave_api_key }),
      },
      bases: {
        ...(search.exa_base && { exa: search.exa_base }),
        ...(search.tavily_base && { tavily: search.tavily_base }),
        ...(search.brave_base && { brave: search.brave_base }),
        ...(search.duckduckgo_base && { duckduckgo: search.duckduckgo_base }),
      },
    },
  });
}

interface Surroundings {
  readonly config: Config;
  readonly home: Home;
  readonly env: Environment;
  readonly clock: Clock;
}

/** What stands around every call of a tool. */
export function createToolGuard({ config, home, env, clock }: Surroundings): ToolGuard {
  return {
    limiter: createToolRateLimiter(config.tools.rate_limit_per_hour, clock),
    scrubber: createScrubber({
      usesPatterns: config.tools.scrub_credentials,
      secrets: [home.token, home.encryptionKey, ...secretsIn(config), ...apiKeysOf(env)],
    }),
  };
}

/** Every secret of the configuration, wherever it stands. */
function secretsIn(value: unknown): readonly Secret[] {
  if (value instanceof Secret) return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(secretsIn) : [];
}

/** Keys that a first start would take a model provider from. */
const apiKeysOf = (env: Environment): readonly Secret[] =>
  Object.entries(env).flatMap(([name, value]) => (name.endsWith("_API_KEY") && value ? [new Secret(value)] : []));
