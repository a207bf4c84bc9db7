import type { Context } from "#core/context.ts";
import { readContextFiles } from "#features/agents/runnable/create-context-file-source.ts";
import type { Agent } from "#features/agents/schema.ts";

const IDENTITY = "IDENTITY.md";
/** A line such as `- **Name**: Ada`. */
const LINE = /^[ \t*-]*(name|emoji|avatar|description)\**[ \t]*:\**[ \t]*(\S.*)$/gim;

/** Returns how an agent presents itself: what its IDENTITY.md says, and else its fields. */
export async function toIdentityOf(ctx: Context, agent: Agent) {
  const files = await readContextFiles(ctx.db, agent.id);
  const text = files.find(({ name }) => name === IDENTITY)?.content ?? "";
  const said = Object.fromEntries(
    [...text.matchAll(LINE)].map(([, key = "", value]) => [key.toLowerCase(), value?.trim()]),
  );
  const emoji = said.emoji ?? agent.emoji;
  const description = said.description ?? agent.agent_description;
  return {
    agentId: agent.agent_key,
    name: said.name ?? (agent.display_name || agent.agent_key),
    ...(emoji && { emoji }),
    ...(said.avatar && { avatar: said.avatar }),
    ...(description && { description }),
  };
}
