import type { Config } from "#app/config/schema.ts";
import { knownSecrets, type SecretHolders } from "#app/engine/known-secrets.ts";
import type { Clock } from "#base/clock.ts";
import { createScrubber } from "#base/scrub-credentials.ts";
import type { ProcessRunner } from "#processes/process-runner.ts";
import type { SandboxState } from "#processes/sandbox/sandbox.ts";
import type { Tool, ToolGuard } from "#runtime/tools/index.ts";
import { createToolGate, createToolRateLimiter } from "#runtime/tools/index.ts";
import { createBuiltinTools } from "#tools/create-builtin-tools.ts";
import type { LookToolOptions } from "#tools/media/look-tools.ts";

/** Creates the gateway's own tools as the operator configured them. */
export function createTools(
  config: Config,
  processes: ProcessRunner,
  sandbox: SandboxState,
  media: LookToolOptions,
): ReadonlyMap<string, Tool> {
  const { web_fetch, web_search: search, exec, shell_deny_groups: denyGroups } = config.tools;
  return createBuiltinTools({
    ...(canExec(config, sandbox) && { exec: { processes, denyGroups, isForMasterOnly: exec === "master" } }),
    media,
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

/** Where a sandbox is required and missing, agents have the tool all the same, and read why it does nothing. */
function canExec({ tools, sandbox: { mode } }: Config, sandbox: SandboxState): boolean {
  switch (tools.exec) {
    case "off":
      return false;
    case "master":
      return true;
    case "sandboxed":
      return sandbox.kind === "works" || mode === "required";
  }
}

interface ToolGuardOptions extends SecretHolders {
  readonly clock: Clock;
}

/** Creates the guards around every tool call. */
export function createToolGuard({ config, home, env, clock }: ToolGuardOptions): ToolGuard {
  return {
    gate: createToolGate(createToolRateLimiter(config.tools.rate_limit_per_hour, clock)),
    scrubber: createScrubber({
      usesPatterns: config.tools.scrub_credentials,
      secrets: knownSecrets({ config, home, env }),
    }),
  };
}
