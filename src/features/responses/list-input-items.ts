import { notFound } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { cutPage, jsonBytes } from "#core/cut-page.ts";
import { fromJson } from "#db/values.ts";
import { toInputItems } from "#features/responses/output/to-input-items.ts";
import { getResponse, type StoredResponse } from "#features/responses/repository.ts";
import type { ListInputItemsInput } from "#features/responses/schema/request.ts";
import type { InputItemList } from "#features/responses/schema/response.ts";
import { type NewMessage, readTranscript } from "#runtime/transcript/index.ts";

/** Returns a page of the items that a response answers, the newest first unless the caller wants otherwise. */
export async function listInputItems(
  ctx: Context,
  { id, limit, order, after }: ListInputItemsInput,
): Promise<InputItemList> {
  const items = toInputItems(await readInput(ctx, await getResponse(ctx, id)));
  const ordered = order === "asc" ? items : items.toReversed();
  const start = after === undefined ? 0 : ordered.findIndex((item) => item.id === after) + 1;
  if (after !== undefined && start === 0) throw notFound("item", after);
  const rest = ordered.slice(start);
  const data = cutPage(rest.slice(0, limit), jsonBytes);
  return {
    object: "list",
    data: [...data],
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: data.length < rest.length,
  };
}

/** Returns the messages before the first one of the run. Of a conversation that it continues, only the new ones. */
async function readInput({ db }: Context, { run, record }: StoredResponse): Promise<readonly NewMessage[]> {
  if (run.pending_input !== null) return fromJson<NewMessage[]>(run.pending_input);
  const first = await db.read
    .selectFrom("messages")
    .select("parent_id")
    .where("run_id", "=", run.id)
    .orderBy("depth")
    .limit(1)
    .executeTakeFirst();
  const session = await db.read
    .selectFrom("sessions")
    .select("head_id")
    .where("id", "=", run.session_id)
    .executeTakeFirst();
  const messages = await readTranscript(db.read, first ? first.parent_id : (session?.head_id ?? null));
  const { previous_response_id, conversation } = record.echo;
  const continues = previous_response_id !== null || conversation !== null;
  return continues ? messages.slice(messages.findLastIndex(({ run_id }) => run_id !== null) + 1) : messages;
}
