import type { Operations, ROUTES } from "#client/generated/operations.ts";

/** The name of an operation. */
export type OperationName = keyof Operations;
/** The name of an operation that HTTP serves. */
export type HttpOperationName = keyof typeof ROUTES & OperationName;
export type InputOf<Name extends OperationName> = Operations[Name]["input"];
export type OutputOf<Name extends OperationName> = Operations[Name]["output"];

/** The input of a call may be left out if all of its fields may be. */
export type CallArguments<Name extends OperationName> =
  Record<string, never> extends InputOf<Name>
    ? [input?: InputOf<Name>, options?: CallOptions]
    : [input: InputOf<Name>, options?: CallOptions];

export interface ClientOptions {
  /** Where the gateway is, such as `http://127.0.0.1:18790`. */
  readonly url: string;
  /** The gateway token or an API key. */
  readonly token?: string;
  /** The id of a paired browser, where there is no token. */
  readonly senderId?: string;
  /** On whose behalf calls are made. */
  readonly userId?: string;
  /** The id or slug of the tenant. */
  readonly tenant?: string;
  /** `en`, `vi` or `zh`: the language of errors. */
  readonly locale?: string;
  /** How often a call is repeated that failed for a while. The default is 2. */
  readonly retries?: number;
  /** Stands in for the platform's own, in tests and behind proxies. */
  readonly fetch?: typeof fetch;
  /** The same for WebSockets. Node before version 22 has none of its own: the one of the package `ws` fits. */
  readonly WebSocket?: new (
    url: string,
  ) => Pick<WebSocket, "send" | "close" | "onopen" | "onmessage" | "onclose">;
}

export interface CallOptions {
  /** Aborts the call. */
  readonly signal?: AbortSignal;
  /** Identifies the call, so that a repeated one has no second effect. Made by the client where it is absent. */
  readonly idempotencyKey?: string;
}

/** An event of a run. A delta continues the text of its message. */
export type RunEvent = {
  readonly seq: number;
  /** Continues right after this event. */
  readonly cursor: string;
} & (
  | { readonly type: "run.queued" }
  | { readonly type: "run.started"; readonly attempt: number }
  | { readonly type: "message.started"; readonly messageId: string }
  /** What was sent of the message does not count. */
  | { readonly type: "message.reset"; readonly messageId: string }
  | { readonly type: "text.delta"; readonly messageId: string; readonly offset: number; readonly text: string }
  | { readonly type: "reasoning.delta"; readonly messageId: string; readonly offset: number; readonly text: string }
  | { readonly type: "message.completed"; readonly message: Message }
  | {
      readonly type: "tool.call";
      readonly callId: string;
      readonly name: string;
      /** JSON, as the model wrote it. */
      readonly arguments: string;
      readonly isClient: boolean;
    }
  | {
      readonly type: "tool.progress";
      readonly callId: string;
      readonly name: string;
      readonly progress: number;
      readonly total?: number;
      readonly message?: string;
    }
  | {
      readonly type: "tool.result";
      readonly callId: string;
      readonly name: string;
      readonly text: string;
      readonly isError: boolean;
    }
  | {
      readonly type: "run.completed";
      readonly finish: string;
      readonly usage: Operations["runs.get"]["output"]["usage"];
    }
  | { readonly type: "run.failed"; readonly error: NonNullable<Operations["runs.get"]["output"]["error"]> }
  | { readonly type: "run.cancelled"; readonly reason: string }
);

type Message = Operations["sessions.messages"]["output"]["messages"][number];

/** Something that happened in the tenant. `feed.reset` means that events may be missing. */
export interface FeedEvent {
  readonly type: string;
  readonly id?: string;
  readonly user_id?: string;
  readonly [field: string]: unknown;
}

const ENDS: readonly string[] = ["run.completed", "run.failed", "run.cancelled"];

/** Returns whether an event is the last one of its run. */
export const isEnd = ({ type }: { readonly type: string }): boolean => ENDS.includes(type);
