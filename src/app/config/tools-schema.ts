import { z } from "zod";
import { secretText } from "#app/config/secret-text.ts";
import { texts } from "#app/config/texts.ts";
import { TOOL_PROFILES } from "#runtime/tools/index.ts";
import { DomainRules } from "#tools/web/domain-rules.ts";

const toolNames = (description: string) =>
  texts().describe(`${description} Names of tools, or groups such as group:web.`);

const ToolProfile = z.enum(TOOL_PROFILES);

const ProviderTools = z.strictObject({
  profile: ToolProfile.optional(),
  allow: z.array(z.string()).readonly().optional(),
  deny: z.array(z.string()).readonly().optional(),
  alsoAllow: z.array(z.string()).readonly().optional(),
});

const WebSearch = z.strictObject({
  exa_api_key: secretText().optional(),
  tavily_api_key: secretText().optional(),
  brave_api_key: secretText().optional(),
  exa_base: z.url().optional(),
  tavily_base: z.url().optional(),
  brave_base: z.url().optional(),
  duckduckgo_base: z.url().optional(),
});

/** The section `tools` of the configuration. */
export const Tools = z.object({
  profile: ToolProfile.default("full").describe("The tools of agents that name no profile of their own."),
  allow: toolNames("Where not empty, the only tools that any agent may have."),
  deny: toolNames("Tools that no agent may have."),
  alsoAllow: toolNames("Tools that every agent has beside those of its profile."),
  byProvider: z
    .record(z.string(), ProviderTools)
    .readonly()
    .default({})
    .describe("The same four keys for agents on one model provider, by its name.")
    .meta({ example: { ollama: { profile: "minimal" } } }),
  exec: z
    .enum(["sandboxed", "master", "off"])
    .default("sandboxed")
    .describe(
      'Who may run shell commands: all agents, but only "sandboxed"; those of the "master" tenant, also without; nobody.',
    ),
  shell_deny_groups: z
    .record(z.string(), z.boolean())
    .readonly()
    .default({})
    .describe("Kinds of shell commands that are refused; all are, except those set to false here or by an agent.")
    .meta({ example: { package_install: false } }),
  rate_limit_per_hour: z.int().min(0).default(0).describe("Tool calls per hour and session; 0 sets no limit."),
  scrub_credentials: z
    .boolean()
    .default(true)
    .describe("Whether what looks like a credential is taken out of tool results; known secrets always are."),
  web_fetch: DomainRules.strict()
    .readonly()
    .prefault({})
    .describe("The sites that web_fetch may visit; *.example.com stands for all below example.com.")
    .meta({ example: { policy: "allowlist", allowed_domains: ["example.com", "*.example.com"] } }),
  web_search: WebSearch.readonly()
    .prefault({})
    .describe("Keys of search engines: the first of exa, tavily and brave that has one, else DuckDuckGo without.")
    .meta({ example: { brave_api_key: "BSA…" } }),
});
