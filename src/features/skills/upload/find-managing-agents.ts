import { invalidField } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { findAgent, type StoredAgent } from "#features/agents/index.ts";
import { ManagerAgents } from "#features/skills/schema.ts";

/** The agents that an upload makes managers of its skill, and the references that name none. */
export interface ManagingAgents {
  readonly agents: readonly StoredAgent[];
  readonly errors: readonly string[];
}

/** Finds the agents of a JSON list of ids and keys. Throws 400 if the text is no such list. */
export async function findManagingAgents(ctx: Context, text: string | undefined): Promise<ManagingAgents> {
  if (text === undefined || text.trim() === "") return { agents: [], errors: [] };
  const references = [...new Set(parseList(text))];
  const found = await Promise.all(references.map((reference) => findAgent(ctx.db.read, reference)));
  return {
    agents: found.filter((agent) => agent !== undefined),
    errors: references
      .filter((_, index) => found[index] === undefined)
      .map((reference) => `unknown agent: ${reference}`),
  };
}

function parseList(text: string): readonly string[] {
  try {
    return ManagerAgents.parse(JSON.parse(text));
  } catch {
    throw invalidField("manager_agent_ids", "a JSON list of at most 100 agents is expected");
  }
}
