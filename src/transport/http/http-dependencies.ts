import type { Context as HonoContext } from "hono";
import type { Metrics } from "#base/metrics.ts";
import type { Admission } from "#core/access/admit.ts";
import type { LiveRights } from "#core/access/live-rights.ts";
import type { AnyOperation } from "#core/operation.ts";
import type { ToAnswerStream } from "#transport/http/answer-stream.ts";
import type { BodyBudget } from "#transport/http/body-budget.ts";
import type { BodyParser } from "#transport/http/body-parser.ts";
import type { ContextDependencies } from "#transport/http/build-context.ts";
import type { CheckOrigin } from "#transport/http/check-origin.ts";
import type { PageFiles } from "#transport/http/pages/page-files.ts";

export interface HttpDependencies extends ContextDependencies {
  readonly operations: readonly AnyOperation[];
  readonly admission: Admission;
  readonly liveRights: LiveRights;
  readonly metrics: Metrics;
  /** True if `X-Forwarded-For` comes from a proxy that the operator trusts. */
  readonly trustsProxy: boolean;
  /**
   * Returns true if requests with this `Host` may be served. Protects a gateway without authentication from DNS
   * rebinding.
   */
  readonly isServedHost: (host: string) => boolean;
  /** The name of the cookie of browsers that are signed in. */
  readonly loginCookie: string;
  /** Returns the web origins whose pages may call the gateway at present, in addition to its own origin. */
  readonly allowedOrigins: () => readonly string[];
  /** The dashboard. Undefined where it is not built. */
  readonly pages?: PageFiles | undefined;
}

/** The dependencies together with the parts that the handler creates from them. */
export interface Handling extends HttpDependencies {
  readonly checkOrigin: CheckOrigin;
  readonly toAnswerStream: ToAnswerStream;
  readonly bodies: BodyBudget;
  readonly parser: BodyParser;
}

/** The connection of a request. */
export interface Connection {
  /** Returns the address of the peer. Lazy, because the lookup costs time and most requests never need it. */
  readonly socketAddress: () => string;
  /**
   * Ends the connection after this many seconds without traffic. 0 means never. It is set once the request is read,
   * because the response may take as long as a run.
   */
  readonly limitSilence: (seconds: number) => void;
  /** Says that the caller is authenticated. From now until its silence is limited, the connection is kept open. */
  readonly markAtWork: () => void;
}

export type Env = { Bindings: Connection };
export type HandledRequest = HonoContext<Env>;

export type HeaderFields = Readonly<Record<string, string>>;
