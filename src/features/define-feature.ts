import type { Clock } from "#base/clock.ts";
import type { EventKind } from "#core/events/events.ts";
import type { JobHandler } from "#core/jobs/job-queue.ts";
import type { EventView } from "#core/live/client-event.ts";
import type { RpcMethod } from "#core/live/rpc-method.ts";
import type { AnyOperation } from "#core/operation.ts";
import type { Services } from "#core/service.ts";
import type { RunObserver } from "#runtime/after-run/index.ts";
import type { PromptSource } from "#runtime/prompt/index.ts";
import type { RunEndHook } from "#runtime/runs/index.ts";
import type { ToolSource } from "#runtime/tools/index.ts";

/** Everything that a feature adds to the gateway. It is one value, and one line in `app/features.ts`. */
export interface Feature {
  readonly name: string;
  readonly operations: readonly AnyOperation[];
  /** The kinds of domain events that its operations publish. */
  readonly events?: readonly EventKind[];
  /** How these events appear on WebSockets, where GoClaw's protocol has a name for them. */
  readonly eventViews?: readonly EventView[];
  /** Methods of GoClaw's protocol whose names or fields differ from those of its operations. */
  readonly methods?: readonly RpcMethod[];
  /** Sections of the system prompt. Called once, when the gateway is built. */
  readonly prompts?: (services: Services) => readonly PromptSource[];
  /** Handlers of jobs. Called once, when the gateway starts. */
  readonly jobs?: (services: Services, clock: Clock) => readonly JobHandler[];
  /** Told of the ends of runs. Called once, when the gateway is built. */
  readonly observers?: (services: Services, clock: Clock) => readonly RunObserver[];
  /** Runs in the transaction of every run's end. Called once, when the gateway is built. */
  readonly onRunEnd?: (clock: Clock) => RunEndHook;
  /** Tools beside the built-in ones, which win where names are equal. Called once, when the gateway is built. */
  readonly tools?: (services: Services, clock: Clock) => readonly ToolSource[];
}

/** Keeps the precise types of one feature. */
export const defineFeature = <const Definition extends Feature>(feature: Definition): Definition => feature;
