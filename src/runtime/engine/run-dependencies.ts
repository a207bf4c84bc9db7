import type { Failpoints } from "#base/failpoints.ts";
import type { ImagePreparer } from "#base/media/image-preparer.ts";
import type { EventBus } from "#core/events/events.ts";
import type { TenantDatabase } from "#db/database.ts";
import type { FaultRetry } from "#db/fault-retry.ts";
import type { RunRights } from "#runtime/engine/run-rights.ts";
import type { PromptSource, SummaryServices } from "#runtime/prompt/index.ts";
import type { RunEndHook } from "#runtime/runs/index.ts";
import type { RunToolsSource, ToolGuard, ToolServices } from "#runtime/tools/index.ts";
import type { BlobStore } from "#runtime/transcript/index.ts";

/** The engine's dependencies for the runs of every tenant. */
export interface EngineDependencies extends SummaryServices, ToolServices {
  readonly failpoints: Failpoints;
  readonly events: EventBus;
  readonly blobs: BlobStore;
  readonly imagePreparer: ImagePreparer;
  readonly prompts: PromptSource;
  readonly runTools: RunToolsSource;
  readonly toolGuard: ToolGuard;
  readonly rights: RunRights;
  /** Runs in the transaction of every run's end. */
  readonly onRunEnd: RunEndHook;
}

/** The engine's dependencies for one run, with the database of its tenant. */
export interface RunDependencies extends EngineDependencies {
  readonly db: TenantDatabase;
  /** Lets the run wait through faults of the database. */
  readonly faults: FaultRetry;
}
