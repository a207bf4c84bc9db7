import type { Context as HonoContext } from "hono";
import type { Metrics } from "#base/metrics.ts";
import type { Admission } from "#core/admit.ts";
import type { AnyOperation } from "#core/operation.ts";
import type { ContextDependencies } from "#transport/http/build-context.ts";
import type { ToEventStream } from "#transport/http/event-stream.ts";
import type { JudgeOrigin } from "#transport/http/judge-origin.ts";

export interface HttpDependencies extends ContextDependencies {
  readonly operations: readonly AnyOperation[];
  readonly admission: Admission;
  readonly metrics: Metrics;
  /** True if `X-Forwarded-For` comes from a proxy that the operator trusts. */
  readonly trustsProxy: boolean;
  /** Returns true for a `Host` that may be served. Protects a gateway without authentication from DNS rebinding. */
  readonly servesHost: (host: string) => boolean;
  /** The web origins whose pages may call the gateway, besides its own. */
  readonly allowedOrigins: readonly string[];
}

/** The dependencies with what the handler itself makes of them. */
export interface Handling extends HttpDependencies {
  readonly judgeOrigin: JudgeOrigin;
  readonly toEventStream: ToEventStream;
}

/** The connection that a request came on. */
export interface Connection {
  /** A function, because most requests never need the address and finding it costs time. */
  readonly socketAddress: () => string;
  /** Lifts the idle timeout after the request is read, because an answer may take as long as a run. */
  readonly keepOpen: () => void;
}

export type Env = { Bindings: Connection };
export type HandledRequest = HonoContext<Env>;

export type HeaderFields = Readonly<Record<string, string>>;
