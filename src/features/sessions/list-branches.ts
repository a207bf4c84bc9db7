import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { getSessionRow, visibleSessions } from "#features/sessions/repository.ts";
import type { BranchList } from "#features/sessions/schema.ts";

/** What `branchKeyOf` adds to the key of the session that a branch goes on from. */
const BRANCH_PARTS = /(?::branch-[0-9a-f]{8})+$/;

/**
 * Lists the places from which a session and its relatives go on in different ways. Relatives are the session that all
 * began with and its branches, as far as the caller may see them.
 */
export async function listBranches(ctx: Context, key: string): Promise<BranchList> {
  await getSessionRow(ctx, key);
  const root = key.replace(BRANCH_PARTS, "");
  const family = await visibleSessions(ctx)
    .select(["id", "key"])
    .where(({ eb, or, fn }) =>
      or([
        eb("key", "=", root),
        // A key may hold characters that have a meaning in a pattern.
        eb(fn<string>("substr", ["key", eb.val(1), eb.val(root.length + 8)]), "=", `${root}:branch-`),
      ]),
    )
    .orderBy("created_at")
    .limit(LIMITS.listMax)
    .execute();
  if (family.length < 2) return { branches: [] };
  const keys = new Map(family.map((session) => [session.id, session.key]));
  const own = await ctx.db.read
    .selectFrom("messages")
    .select(["id", "parent_id", "session_id", "depth"])
    .where("session_id", "in", [...keys.keys()])
    .orderBy("depth")
    .orderBy("id")
    .execute();
  const byParent = Map.groupBy(own, ({ parent_id }) => parent_id);
  const branches = [...byParent].flatMap(([parent_id, versions]) =>
    parent_id === null || versions.length < 2
      ? []
      : [
          {
            parent_id,
            versions: versions.map(({ id, session_id }) => ({
              message_id: id,
              session_key: keys.get(session_id) ?? "",
            })),
          },
        ],
  );
  return { branches };
}
