import { createToolSearch, TOOL_SEARCH } from "#runtime/tools/deferral/tool-search.ts";
import type { Tool } from "#runtime/tools/tool.ts";

/** From when on deferrable tools are not offered before a search finds them. */
export interface DeferralRules {
  readonly aboveTools: number;
  /** The estimated tokens of the tools' descriptions and schemas. */
  readonly aboveTokens: number;
}

/** The tools of a run, parted into those that it is offered and those that it can find. */
export interface DividedTools {
  readonly offered: ReadonlyMap<string, Tool>;
  readonly deferred: ReadonlyMap<string, Tool>;
  /** What the system prompt says about the deferred tools, or "". */
  readonly introduction: string;
}

const CHARS_PER_TOKEN = 4;
const MAX_NAMED_GROUPS = 50;

/** Defers the deferrable tools if there are many, and offers a tool that finds them. */
export function deferTools(tools: ReadonlyMap<string, Tool>, rules: DeferralRules): DividedTools {
  const deferred = new Map([...tools].filter(([, { isDeferrable }]) => isDeferrable));
  if (!isTooMuch([...deferred.values()], rules)) return { offered: tools, deferred: new Map(), introduction: "" };
  const others = [...tools].filter(([name]) => !deferred.has(name));
  return {
    offered: new Map([...others, [TOOL_SEARCH, createToolSearch(deferred)]]),
    deferred,
    introduction: introduce([...deferred.values()]),
  };
}

function isTooMuch(tools: readonly Tool[], { aboveTools, aboveTokens }: DeferralRules): boolean {
  if (tools.length === 0) return false;
  if (tools.length > aboveTools) return true;
  const chars = tools.reduce(
    (sum, { name, description, parameters }) =>
      sum + name.length + description.length + JSON.stringify(parameters).length,
    0,
  );
  return chars / CHARS_PER_TOKEN > aboveTokens;
}

function introduce(tools: readonly Tool[]): string {
  const groups = [...Map.groupBy(tools, ({ group }) => group.replace(/^mcp:/, ""))]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, MAX_NAMED_GROUPS)
    .map(([name, { length }]) => `- ${name} (${length} tools)`);
  return [`MCP servers with further tools, which ${TOOL_SEARCH} finds:`, ...groups].join("\n");
}
