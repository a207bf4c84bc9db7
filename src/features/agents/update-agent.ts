import { toTimestamp } from "#base/clock.ts";
import { alreadyExists } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { isUniqueViolation } from "#db/errors.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { toBit, toJson } from "#db/values.ts";
import { lockOwnedAgent, requireDefaultAdmin, requireUser } from "#features/agents/access.ts";
import { applySettings } from "#features/agents/agent-settings.ts";
import { IDENTITY_FILE, seedContextFiles, withName } from "#features/agents/default-context-files.ts";
import { agentUpdated } from "#features/agents/events.ts";
import { toName } from "#features/agents/insert-agent.ts";
import { clearDefault, DEFAULT_AGENT_KEY } from "#features/agents/repository.ts";
import type { UpdateAgentInput } from "#features/agents/schema.ts";
import type { StoredAgent } from "#features/agents/stored-agent.ts";

export async function updateAgent(ctx: Context, input: UpdateAgentInput): Promise<void> {
  requireUser(ctx);
  await mutate(ctx, agentUpdated, async (queries) => {
    const agent = await lockOwnedAgent(ctx, queries, input.id, "update");
    const { id: _, ...fields } = input;
    if (Object.keys(fields).length === 0) return { unchanged: undefined };

    const changed = toChanged(agent, input);
    if (isDefaultKey(changed) !== isDefaultKey(agent) || changed.isDefault !== agent.isDefault)
      requireDefaultAdmin(ctx);
    if (changed.isDefault && !agent.isDefault) await clearDefault(queries);
    const now = ctx.clock.now();
    await writeAgent(queries, changed, now);
    await syncContextFiles(queries, agent, changed, now);
    return { entityId: agent.id, value: undefined, details: { changed: Object.keys(fields) } };
  }).catch((thrown) => {
    throw isUniqueViolation(thrown) ? alreadyExists("agent", input.agent_key ?? input.id) : thrown;
  });
}

const isDefaultKey = ({ key }: StoredAgent): boolean => key === DEFAULT_AGENT_KEY;

function toChanged(agent: StoredAgent, input: UpdateAgentInput): StoredAgent {
  const isSettable = input.status === "active" || input.status === "inactive";
  return {
    ...agent,
    key: input.agent_key ?? agent.key,
    provider: input.provider ?? agent.provider,
    model: input.model ?? agent.model,
    status: isSettable ? (input.status ?? agent.status) : agent.status,
    isDefault: input.is_default === undefined ? agent.isDefault : (input.is_default ?? false),
    settings: applySettings(agent.settings, input),
  };
}

async function writeAgent(queries: TenantQueries, agent: StoredAgent, now: Date): Promise<void> {
  await queries
    .updateTable("agents")
    .set({
      agent_key: agent.key,
      provider: agent.provider,
      model: agent.model,
      status: agent.status,
      is_default: toBit(agent.isDefault),
      config: toJson(agent.settings),
      updated_at: toTimestamp(now),
    })
    .where("id", "=", agent.id)
    .execute();
}

/** Writes the agent's name into its identity file, and adds the default files if the agent becomes predefined. */
async function syncContextFiles(
  queries: TenantQueries,
  before: StoredAgent,
  after: StoredAgent,
  now: Date,
): Promise<void> {
  if (before.settings.agent_type === "open" && after.settings.agent_type === "predefined") {
    await seedContextFiles(queries, { id: after.id, name: toName(after), emoji: after.settings.emoji, now });
  }
  if (toName(before) === toName(after)) return;
  const file = await identityOf(queries.selectFrom("agent_context_files"), after).select("content").executeTakeFirst();
  if (!file) return;
  const content = withName(file.content, toName(after));
  await identityOf(queries.updateTable("agent_context_files"), after)
    .set({ content, updated_at: toTimestamp(now) })
    .execute();
}

interface Filterable<Self> {
  where(column: "agent_id" | "file_name", operator: "=", value: string): Self;
}

const identityOf = <Query extends Filterable<Query>>(query: Query, { id }: StoredAgent) =>
  query.where("agent_id", "=", id).where("file_name", "=", IDENTITY_FILE);
