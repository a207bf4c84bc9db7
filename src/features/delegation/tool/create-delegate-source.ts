import { headOf } from "#base/texts/cut-text.ts";
import type { Colleague, FindColleagues } from "#features/delegation/links/outgoing-links.ts";
import { createDelegateTool, type DelegateDependencies } from "#features/delegation/tool/create-delegate-tool.ts";
import type { Tool, ToolSource } from "#runtime/tools/index.ts";

const DESCRIPTION_CHARS = 300;

/** Creates the source of the tool `delegate`. Only an agent with a link to another has it. */
export function createDelegateSource(
  dependencies: DelegateDependencies & { readonly find: FindColleagues },
): ToolSource {
  const none = { version: "none", tools: new Map<string, Tool>() };
  const tools = new WeakMap<readonly Colleague[], ReadonlyMap<string, Tool>>();
  return {
    async load(db, { agent }) {
      const colleagues = await dependencies.find(db, agent.id);
      if (colleagues.length === 0) return none;
      const known = tools.get(colleagues) ?? toTools(colleagues, dependencies);
      tools.set(colleagues, known);
      return { version: known, tools: known };
    },
  };
}

function toTools(colleagues: readonly Colleague[], dependencies: DelegateDependencies): ReadonlyMap<string, Tool> {
  const tool = createDelegateTool(colleagues.map(describe).join("\n"), dependencies);
  return new Map([[tool.name, tool]]);
}

const describe = ({ agentKey, link }: Colleague): string =>
  link.description === "" ? `- ${agentKey}` : `- ${agentKey}: ${headOf(link.description, DESCRIPTION_CHARS)}`;
