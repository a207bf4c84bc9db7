import { z } from "zod";
import { ownValue } from "#base/json.ts";
import type { Tool } from "#runtime/tools/tool.ts";
import { TOOL_ALIASES } from "#runtime/tools/tool-names.ts";

export const TOOL_PROFILES = ["full", "coding", "messaging", "minimal"] as const;
export type ToolProfile = (typeof TOOL_PROFILES)[number];

const Names = z.array(z.string()).readonly().optional().catch(undefined);
const PolicyFields = {
  profile: z.string().optional().catch("minimal"),
  allow: Names,
  deny: Names,
  alsoAllow: Names,
};

/** Rules about tools, as stored. A malformed list counts as absent, and a malformed profile as `minimal`. */
export const ToolPolicy = z.object({
  ...PolicyFields,
  /** Additional rules, keyed by the name of the model provider. */
  byProvider: z.record(z.string(), z.object(PolicyFields).catch({})).optional().catch(undefined),
});
export type ToolPolicy = z.infer<typeof ToolPolicy>;
type PolicyRules = Pick<ToolPolicy, keyof typeof PolicyFields>;

/** The rules that decide which tools a run has. */
export interface ToolPolicyInput {
  /** The operator's policy. */
  readonly global: ToolPolicy;
  readonly agent: ToolPolicy;
  /** The name of the run's model provider. */
  readonly provider: string;
  /** Tools that the tenant's administrators switched off. */
  readonly disabled: ReadonlySet<string>;
}

/**
 * Selects the tools that a run has.
 * - The operator's rules set the ceiling: the tools in `alsoAllow`, and those that `allow` permits and `deny` does not
 *   name. No profile and no agent can exceed it.
 * - Within the ceiling, a run has the tools of its profile that the agent's `allow` permits, plus those in any
 *   `alsoAllow`. The agent's `deny` removes tools, except those in the agent's own `alsoAllow`.
 * - The most specific profile applies: the agent's before the operator's, and the provider's before the general one.
 * - A tool that the tenant switched off is never included.
 */
export function selectTools(tools: ReadonlyMap<string, Tool>, input: ToolPolicyInput): ReadonlyMap<string, Tool> {
  const ruleOf = createRuleOf(input);
  return new Map([...tools].filter(([name, tool]) => isSelecting(ruleOf(name, tool))));
}

/** The rules that can decide about a tool. Those in the second half keep it away. */
export const TOOL_RULES = [
  ...(["profile", "also_allow"] as const),
  ...(["switched_off", "operator_allow", "operator_deny", "agent_deny", "outside_profile", "agent_allow"] as const),
] as const;
export type ToolRule = (typeof TOOL_RULES)[number];

/** Returns true if a tool about which this rule decided belongs to the run. */
export const isSelecting = (rule: ToolRule): boolean => rule === "profile" || rule === "also_allow";

/** Creates the function that finds the rule that decides about a tool. */
export function createRuleOf(input: ToolPolicyInput): (name: string, tool: Tool) => ToolRule {
  const globals = layersOf(input.global, input.provider);
  const agents = layersOf(input.agent, input.provider);
  const isInProfile = profileOf([...agents, ...globals]);
  return (name, tool) => {
    const isNamedIn = (list: "deny" | "alsoAllow", layers: readonly PolicyRules[]): boolean =>
      layers.some((layer) => isNamed(tool, layer[list] ?? []));
    if (input.disabled.has(name)) return "switched_off";
    // No profile and no agent can bring back what the operator keeps away.
    if (!isNamedIn("alsoAllow", globals)) {
      if (!isAllowed(tool, globals)) return "operator_allow";
      if (isNamedIn("deny", globals)) return "operator_deny";
    }
    if (isNamedIn("deny", agents)) return isNamedIn("alsoAllow", agents) ? "also_allow" : "agent_deny";
    if (isNamedIn("alsoAllow", [...globals, ...agents])) return "also_allow";
    if (!isInProfile(tool)) return "outside_profile";
    return isAllowed(tool, agents) ? "profile" : "agent_allow";
  };
}

/** Returns true if every `allow` list permits a tool. An absent or empty list permits all tools. */
const isAllowed = (tool: Tool, layers: readonly PolicyRules[]): boolean =>
  layers.every(({ allow = [] }) => allow.length === 0 || isNamed(tool, allow));

/** Returns the rules for a provider first, then the general ones. */
function layersOf(policy: ToolPolicy, provider: string): readonly PolicyRules[] {
  const specific = policy.byProvider && ownValue(policy.byProvider, provider);
  return specific ? [specific, policy] : [policy];
}

/**
 * Returns the filter of the most specific profile. Without a profile all tools pass. An unknown profile counts as
 * `minimal`.
 */
function profileOf(layers: readonly PolicyRules[]): (tool: Tool) => boolean {
  const named = layers.map(({ profile = "" }) => profile).find((name) => name !== "") ?? "full";
  const names = PROFILES[isProfile(named) ? named : "minimal"];
  return (tool) => names === undefined || isNamed(tool, names);
}

const isProfile = (name: string): name is ToolProfile => Object.hasOwn(PROFILES, name);

/** The tools of each profile. Undefined means all tools. */
const PROFILES: Readonly<Record<ToolProfile, readonly string[] | undefined>> = {
  full: undefined,
  coding: [
    ...["group:fs", "group:runtime", "group:sessions", "group:memory", "group:web", "group:vault"],
    ...["read_image", "read_document", "read_audio", "create_image", "group:skills"],
  ],
  messaging: [
    ...["group:messaging", "group:web", "group:vault", "wait", "sessions_list", "sessions_history", "sessions_send"],
    ...["session_status", "read_image", "read_document", "read_audio", "group:skills"],
  ],
  minimal: ["session_status"],
};

/** Returns whether an agent's own policy allows a tool by its name or group, rather than by saying nothing of it. */
export function isAllowedByName(tool: Tool, policy: ToolPolicy): boolean {
  return isNamed(tool, [...(policy.allow ?? []), ...(policy.alsoAllow ?? [])]);
}

function isNamed(tool: Tool, names: readonly string[]): boolean {
  return names.some((name) => {
    if (name.startsWith("group:")) return isInGroup(tool, name.slice("group:".length));
    return tool.name === name || tool.name === TOOL_ALIASES.get(name);
  });
}

/**
 * Returns true if a tool is in a group or in a subgroup of it. The group `goclaw` contains all of the gateway's own
 * tools.
 */
function isInGroup({ group }: Tool, wanted: string): boolean {
  if (wanted === "goclaw") return group !== "mcp" && !group.startsWith("mcp:");
  return group === wanted || group.startsWith(`${wanted}:`);
}
