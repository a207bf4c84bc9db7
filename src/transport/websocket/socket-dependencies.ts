import type { z } from "zod";
import type { EventKind } from "#core/events/events.ts";
import type { EventView } from "#core/live/client-event.ts";
import type { RpcMethod } from "#core/live/rpc-method.ts";
import type { HttpDependencies } from "#transport/http/http-dependencies.ts";
import type { KnownMethod, MethodTable } from "#transport/websocket/method-table.ts";

export interface SocketDependencies extends HttpDependencies {
  readonly methods: readonly RpcMethod[];
  /** Every kind of event that may reach a client. */
  readonly events: readonly EventKind[];
  readonly eventViews: readonly EventView[];
  /** The event that tells that a run began. Connections then follow the run. */
  readonly runBegan: EventKind<string, z.ZodType<{ readonly after: string; readonly session_key: string }>>;
}

/** The dependencies together with what the door creates from them. */
export interface SocketHandling extends SocketDependencies {
  readonly table: MethodTable;
  /** What a call of `connect` without credentials means. */
  readonly introduction: KnownMethod;
}
