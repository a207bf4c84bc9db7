import { writtenOutList } from "#db/written-out.ts";
import { OPEN_STATUSES } from "#runtime/run-schema.ts";

/**
 * For `status in`: the runs that the partial index of open ones holds. SQLite uses that index only where the statement
 * names all of its statuses, also where one of them is meant.
 */
export const OPEN_RUN = writtenOutList(OPEN_STATUSES);
