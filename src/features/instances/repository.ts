import type { z } from "zod";
import { toTimestamp } from "#base/clock.ts";
import { notFound } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { UPDATED } from "#core/wire.ts";
import type { AgentInstancesTable } from "#db/tables.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { fromJson } from "#db/values.ts";
import { getOwnedAgent, lockOwnedAgent } from "#features/agents/index.ts";
import type { instanceFileSet, instanceMetadataUpdated } from "#features/instances/events.ts";
import { type Instance, type InstanceFile, type InstancePath, USER_FILE } from "#features/instances/schema.ts";

type Path = z.infer<typeof InstancePath>;

/** Returns the users who have a session with the agent or a stored profile, the latest seen first. */
export async function listInstances(ctx: Context, reference: string): Promise<z.infer<typeof Instance>[]> {
  const { id } = await getOwnedAgent(ctx, reference, "see the users of an agent");
  const profiles = await ctx.db.read.selectFrom("agent_instances").selectAll().where("agent_id", "=", id).execute();
  const dates = ctx.db.read
    .selectFrom("sessions")
    .select(({ fn }) => ["user_id", fn.min("created_at").as("created_at"), fn.max("updated_at").as("updated_at")]);
  const sessions = await dates.where("agent_id", "=", id).groupBy("user_id").execute();
  const profileOf = new Map(profiles.map((profile) => [profile.user_id, profile]));
  // A user with sessions was seen in these. A stored profile alone says only when it was written.
  const seen = new Map([...profiles, ...sessions].map((row) => [row.user_id, row]));
  const instances = [...seen.values()].map(({ user_id, created_at, updated_at }) => {
    const { user_file = null, metadata = "{}" } = profileOf.get(user_id) ?? {};
    const file_count = user_file === null ? 0 : 1;
    const known = { file_count, metadata: fromJson<Record<string, string>>(metadata) };
    return { user_id, first_seen_at: created_at, last_seen_at: updated_at, ...known };
  });
  return instances.sort((a, b) => (a.last_seen_at < b.last_seen_at ? 1 : -1));
}

/** Returns the user's own USER.md. The list is empty if nobody wrote it. */
export async function listFiles(ctx: Context, { id, userID: user_id }: Path): Promise<z.infer<typeof InstanceFile>[]> {
  const agent = await getOwnedAgent(ctx, id, "see the files of an agent's users");
  const content = await findUserFile(ctx.db.read, agent.id, user_id);
  return content === undefined ? [] : [{ agent_id: agent.id, user_id, file_name: USER_FILE, content }];
}

/** Returns the content of the user's own USER.md, or undefined if nobody wrote it. */
export async function findUserFile(read: TenantReads, agentId: string, userId: string): Promise<string | undefined> {
  const profiles = read.selectFrom("agent_instances").where("agent_id", "=", agentId);
  const profile = await profiles.where("user_id", "=", userId).select("user_file").executeTakeFirst();
  return profile?.user_file ?? undefined;
}

export async function getFile(ctx: Context, path: Path): Promise<z.infer<typeof InstanceFile>> {
  const [file] = await listFiles(ctx, path);
  if (!file) throw notFound("file", USER_FILE);
  return file;
}

/** Changes the profile of a user, and creates a missing one. */
export const updateInstance = (
  ctx: Context,
  kind: typeof instanceFileSet | typeof instanceMetadataUpdated,
  { id, userID: user_id }: Path,
  change: (profile: AgentInstancesTable) => Partial<AgentInstancesTable>,
): Promise<typeof UPDATED> =>
  mutate(ctx, kind, async (queries) => {
    const agent = await lockOwnedAgent(ctx, queries, id, "change what an agent knows of its users");
    const now = toTimestamp(ctx.clock.now());
    const empty = { agent_id: agent.id, user_id, user_file: null, metadata: "{}", created_at: now, updated_at: now };
    const profile = await queries.insertOrLock("agent_instances", empty, ["agent_id", "user_id"]);
    const profiles = queries.updateTable("agent_instances").where("agent_id", "=", agent.id);
    const changed = profiles.set({ ...change(profile), updated_at: now });
    await changed.where("user_id", "=", user_id).execute();
    return { entityId: agent.id, userId: user_id, value: UPDATED, details: { user_id } };
  });
