import { type ExpressionBuilder, sql } from "kysely";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { containsFolded } from "#db/expressions/contains-folded.ts";
import type { MediaTable } from "#db/record-tables.ts";
import type { ListMediaInput, Media, MediaKind, MediaList } from "#features/media/schema.ts";

/** Lists uploads, newest first. Users who are no administrators have their own ones. */
export async function listMedia(ctx: Context, input: ListMediaInput): Promise<MediaList> {
  const { q, kind, user_id, limit, offset } = input;
  const user = hasRole(ctx, "admin") ? user_id : ctx.userId;
  // A search compares the name of every file.
  const queries = q === "" ? ctx.db.read : ctx.db.reports;
  const names = ["id", "name", "user_id"].map((column) => sql.ref(column));
  const matching = queries
    .selectFrom("media")
    .$if(user !== undefined, (query) => query.where("user_id", "=", user ?? ""))
    .$if(kind !== undefined, (query) => query.where((where) => isOfKind(where, kind ?? "other")))
    .$if(q !== "", (query) => query.where(containsFolded(queries.dialect, names, q)));
  const [rows, { total }] = await Promise.all([
    matching.selectAll().orderBy("created_at", "desc").orderBy("id", "desc").limit(limit).offset(offset).execute(),
    matching.select(({ fn }) => fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
  ]);
  return { media: rows.map(toMedia), total: Number(total), limit, offset };
}

const toMedia = ({ id, name, mime_type, size, user_id, created_at }: MediaTable): Media => ({
  ...{ id, url: `/v1/media/${id}`, filename: name, mime_type, size },
  ...(user_id !== "" && { user_id }),
  created_at,
});

/** Documents beside texts. */
const DOCUMENTS = ["application/json", "application/pdf", "application/vnd.openxmlformats-officedocument."];

function isOfKind(where: ExpressionBuilder<{ media: MediaTable }, "media">, kind: MediaKind) {
  const beginsWith = (...beginnings: readonly string[]) =>
    where.or(beginnings.map((beginning) => where("mime_type", "like", `${beginning}%`)));
  switch (kind) {
    case "image":
    case "audio":
    case "video":
      return beginsWith(`${kind}/`);
    case "document":
      return beginsWith("text/", ...DOCUMENTS);
    case "other":
      return where.not(beginsWith("image/", "audio/", "video/", "text/", ...DOCUMENTS));
  }
}
