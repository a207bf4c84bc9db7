import type { IdempotentCall } from "#core/idempotency/idempotent-call.ts";
import type { TenantDatabase } from "#db/database.ts";

/** What the engine knows about the caller who asks for a run. A request's `Context` is one, and so is a job or an agent. */
export interface RunCaller {
  readonly db: TenantDatabase;
  /** For the log lines of the run. */
  readonly requestId: string;
  /** Set if the caller may repeat its request. The repetition joins the run instead of starting a second one. */
  readonly idempotency?: IdempotentCall | undefined;
}
