import { toTimestamp } from "#base/clock.ts";
import { headOf } from "#base/texts/cut-text.ts";
import type { AgentSummonsTable } from "#db/tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { toJson } from "#db/values.ts";
import { IDENTITY_FILE, withName } from "#features/agents/default-context-files.ts";
import { toName } from "#features/agents/insert-agent.ts";
import { lockAgent } from "#features/agents/repository.ts";
import type { StoredAgent } from "#features/agents/stored-agent.ts";
import type { Generated } from "#features/agents/summoning/parse-generated.ts";

const MAX_ERROR_CHARS = 500;
const MAX_NAME_CHARS = 255;
const FRONTMATTER_CHARS = 200;

/** The agent and its summoning, if that one is still wanted. */
export interface WantedSummon {
  readonly agent: StoredAgent;
  readonly summon: AgentSummonsTable;
}

/** Locks an agent. Returns undefined if its summoning ended, or began anew under another token. */
export async function lockWantedSummon(
  queries: TenantQueries,
  agentId: string,
  token: string,
): Promise<WantedSummon | undefined> {
  const summons = queries.selectForUpdate("agent_summons").selectAll();
  const agent = await lockAgent(queries, agentId);
  const summon = await summons.where("agent_id", "=", agentId).executeTakeFirst();
  return summon?.token === token && agent.status === "summoning" ? { agent, summon } : undefined;
}

/** Ends a summoning that came to nothing. */
export async function failSummon(queries: TenantQueries, agentId: string, error: string, at: Date): Promise<void> {
  const now = toTimestamp(at);
  await queries
    .updateTable("agent_summons")
    .set({ token: "", error: headOf(error, MAX_ERROR_CHARS), updated_at: now })
    .where("agent_id", "=", agentId)
    .execute();
  const failed = { status: "summon_failed", updated_at: now };
  await queries.updateTable("agents").set(failed).where("id", "=", agentId).execute();
}

/**
 * Stores what a model wrote, and makes the agent active. A name that the user gave stays, and goes into the identity file.
 * Without one, the agent takes its name from there.
 */
export async function storeGenerated(
  queries: TenantQueries,
  { agent, summon }: WantedSummon,
  { files, frontmatter }: Generated,
  at: Date,
): Promise<void> {
  const now = toTimestamp(at);
  const { display_name: own, frontmatter: before } = agent.settings;
  const name = own || nameIn(files.get(IDENTITY_FILE));
  for (const [file_name, text] of files) {
    const content = file_name === IDENTITY_FILE ? withName(text, name || toName(agent)) : text;
    await queries
      .insertInto("agent_context_files", { agent_id: agent.id, file_name, content, updated_at: now })
      .onConflict((conflict) => conflict.columns(["agent_id", "file_name"]).doUpdateSet({ content, updated_at: now }))
      .execute();
  }
  const settings = {
    ...agent.settings,
    display_name: name,
    frontmatter: frontmatter ?? (before || headOf(summon.prompt, FRONTMATTER_CHARS)),
  };
  await queries
    .updateTable("agents")
    .set({ status: "active", config: toJson(settings), updated_at: now })
    .where("id", "=", agent.id)
    .execute();
  await queries
    .updateTable("agent_summons")
    .set({ token: "", error: null, updated_at: now })
    .where("agent_id", "=", agent.id)
    .execute();
}

/** Returns the name in an identity file, or "" if it has none. */
const nameIn = (identity = ""): string =>
  headOf(
    /^[\s*_-]*Name[*_]*\s*[:：]\s*(.+?)\s*$/im.exec(identity)?.[1]?.replaceAll(/[*_`]/g, "") ?? "",
    MAX_NAME_CHARS,
  );
