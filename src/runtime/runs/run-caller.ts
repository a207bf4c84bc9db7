import type { TraceHeaders } from "#base/trace-headers.ts";
import type { IdempotentCall } from "#core/idempotency/idempotent-call.ts";
import type { TenantDatabase } from "#db/database.ts";

/** The caller of a run, as the engine sees it. The `Context` of a request is one. */
export interface RunCaller {
  readonly db: TenantDatabase;
  /** Identifies the request in the log lines of the run. */
  readonly requestId: string;
  /** The trace that the caller sent, unchecked. The run's trace continues it. */
  readonly traceHeaders?: TraceHeaders | undefined;
  /** Set if the caller may repeat its request. The repetition joins the run instead of starting a second one. */
  readonly idempotency?: IdempotentCall | undefined;
}
