import { z } from "zod";
import type { Tool } from "#runtime/tools/tool.ts";

export const TOOL_PROFILES = ["full", "coding", "messaging", "minimal"] as const;
export type ToolProfile = (typeof TOOL_PROFILES)[number];

const Names = z.array(z.string()).readonly().optional().catch(undefined);
const PolicyFields = {
  profile: z.string().optional().catch("minimal"),
  allow: Names,
  deny: Names,
  alsoAllow: Names,
};

/** Rules about tools, as stored: a list that is not understood says nothing, and a profile stands for the least. */
export const ToolPolicy = z.object({
  ...PolicyFields,
  /** By the name of the model provider. */
  byProvider: z.record(z.string(), z.object(PolicyFields).catch({})).optional().catch(undefined),
});
export type ToolPolicy = z.infer<typeof ToolPolicy>;
type PolicyRules = Pick<ToolPolicy, keyof typeof PolicyFields>;

/** All that decides which tools a run has. */
export interface ToolPolicyInput {
  /** The operator's. */
  readonly global: ToolPolicy;
  readonly agent: ToolPolicy;
  /** The name of the run's model provider. */
  readonly provider: string;
  /** Tools that the tenant's administrators switched off. */
  readonly disabled: ReadonlySet<string>;
}

/**
 * The tools a run has, in two levels. The operator's: the profile of the most specific place, cut down by `allow`, less
 * `deny`, plus `alsoAllow`. The agent's the same inside what the operator lets through: nothing an agent says brings
 * back what the operator's `allow` leaves out or its `deny` names. A switched-off tool is gone whatever else is said.
 */
export function selectTools(tools: ReadonlyMap<string, Tool>, input: ToolPolicyInput): ReadonlyMap<string, Tool> {
  const globals = layersOf(input.global, input.provider);
  const agents = layersOf(input.agent, input.provider);
  const isInProfile = profileOf([...agents, ...globals]);
  const isKept = ([name, tool]: readonly [string, Tool]): boolean => {
    if (input.disabled.has(name) || !isLetThrough(tool, globals)) return false;
    const isAdded = [...globals, ...agents].some(({ alsoAllow = [] }) => isNamed(tool, alsoAllow));
    const isDenied = agents.some(({ deny = [] }) => isNamed(tool, deny));
    if (isDenied) return agents.some(({ alsoAllow = [] }) => isNamed(tool, alsoAllow));
    return isAdded || (isInProfile(tool) && isAllowed(tool, agents));
  };
  return new Map([...tools].filter(isKept));
}

/** The operator's ceiling: what its lists refuse, no profile and no agent brings back. */
function isLetThrough(tool: Tool, globals: readonly PolicyRules[]): boolean {
  if (globals.some(({ alsoAllow = [] }) => isNamed(tool, alsoAllow))) return true;
  return isAllowed(tool, globals) && !globals.some(({ deny = [] }) => isNamed(tool, deny));
}

/** An absent or empty list allows all; of several, each has to allow it. */
const isAllowed = (tool: Tool, layers: readonly PolicyRules[]): boolean =>
  layers.every(({ allow = [] }) => allow.length === 0 || isNamed(tool, allow));

/** The more specific first. */
function layersOf(policy: ToolPolicy, provider: string): readonly PolicyRules[] {
  const specific = policy.byProvider?.[provider];
  return specific ? [specific, policy] : [policy];
}

/** The first profile that is named; none limits nothing, and one that is not known limits to the least. */
function profileOf(layers: readonly PolicyRules[]): (tool: Tool) => boolean {
  const named = layers.map(({ profile = "" }) => profile).find((name) => name !== "") ?? "full";
  const names = PROFILES[isProfile(named) ? named : "minimal"];
  return (tool) => names === undefined || isNamed(tool, names);
}

const isProfile = (name: string): name is ToolProfile => Object.hasOwn(PROFILES, name);

/** Undefined limits nothing. */
const PROFILES: Readonly<Record<ToolProfile, readonly string[] | undefined>> = {
  full: undefined,
  coding: [
    ...["group:fs", "group:runtime", "group:sessions", "group:memory", "group:web", "group:vault"],
    ...["read_image", "create_image", "skill_search"],
  ],
  messaging: [
    ...["group:messaging", "group:web", "group:vault", "wait", "sessions_list", "sessions_history", "sessions_send"],
    ...["session_status", "read_image", "skill_search"],
  ],
  minimal: ["session_status"],
};

const ALIASES: ReadonlyMap<string, string> = new Map([
  ["bash", "exec"],
  ["edit_file", "edit"],
  ["sessions_spawn", "spawn"],
]);

/** The tool a call means, by its name or by another name that models have for it. */
export const findTool = (tools: ReadonlyMap<string, Tool>, name: string): Tool | undefined =>
  tools.get(name) ?? tools.get(ALIASES.get(name) ?? "");

function isNamed(tool: Tool, names: readonly string[]): boolean {
  return names.some((name) => {
    if (name.startsWith("group:")) return isInGroup(tool, name.slice("group:".length));
    return tool.name === name || tool.name === ALIASES.get(name);
  });
}

/** `goclaw` is every tool of the gateway's own; a group holds its subgroups. */
function isInGroup({ group }: Tool, wanted: string): boolean {
  if (wanted === "goclaw") return group !== "mcp" && !group.startsWith("mcp:");
  return group === wanted || group.startsWith(`${wanted}:`);
}
