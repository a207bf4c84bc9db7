import { writtenOutList } from "#db/written-out.ts";
import { OPEN_STATUSES } from "#runtime/run-schema.ts";

/** For `status in`: the runs that the partial index of open ones holds. */
export const OPEN_RUN = writtenOutList(OPEN_STATUSES);
