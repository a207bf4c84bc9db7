import { type Connection, type ConnectionOptions, openConnection } from "#client/connection.ts";
import { aborted, connectionFailed, GoClawError, toError } from "#client/errors.ts";
import { backOff, pause } from "#client/pause.ts";
import { readEvents } from "#client/read-events.ts";
import { routeOf, toHeaders, toRequest } from "#client/to-request.ts";
import {
  type CallArguments,
  type CallOptions,
  type ClientOptions,
  type FeedEvent,
  type HttpOperationName,
  isEnd,
  type OutputOf,
  type RunEvent,
} from "#client/types.ts";

export interface FollowOptions {
  readonly signal?: AbortSignal;
  /** A cursor: only what came after it. */
  readonly after?: string;
}

export interface ChatInput {
  /** Id or key. The default is `default`. */
  readonly agent?: string;
  readonly message: string;
  /** The session to continue. A new one begins where it is absent. */
  readonly sessionKey?: string;
  /** Ids of uploads. */
  readonly attachments?: readonly string[];
}

/** A client of one gateway, for one caller. */
export interface Client {
  /**
   * Calls an operation over HTTP. A call that fails for a while is repeated, under one idempotency key. Throws
   * `GoClawError`.
   */
  call<Name extends HttpOperationName>(name: Name, ...args: CallArguments<Name>): Promise<OutputOf<Name>>;
  /**
   * Yields the events of a run until its end. Connects again wherever the connection breaks, without gap or duplicate.
   */
  followRun(runId: string, options?: FollowOptions): AsyncGenerator<RunEvent>;
  /** Starts a run in the background and yields its events. The run goes on if the reader stops. */
  chat(input: ChatInput, options?: CallOptions): AsyncGenerator<RunEvent & { readonly runId: string }>;
  /** Yields what happens in the tenant, without end. Connects again wherever the connection breaks. */
  events(options?: FollowOptions): AsyncGenerator<FeedEvent>;
  /** Opens a WebSocket, for many calls and for what happens. */
  connect(options?: ConnectionOptions): Connection;
}

const USUAL_RETRIES = 2;

/** Creates a client. Nothing is sent before the first call. */
export function createClient(options: ClientOptions): Client {
  const send = options.fetch ?? fetch;

  const request = async (url: string, init: RequestInit, signal: AbortSignal | undefined): Promise<Response> => {
    try {
      return await send(url, { ...init, ...(signal && { signal }) });
    } catch (thrown) {
      throw signal?.aborted ? aborted(signal) : connectionFailed(thrown);
    }
  };

  const client: Client = {
    async call(name, ...[input = {}, callOptions = {}]) {
      const idempotencyKey = callOptions.idempotencyKey ?? crypto.randomUUID();
      const { url, init } = toRequest(name, input, options, { ...callOptions, idempotencyKey });
      return repeated(options.retries ?? USUAL_RETRIES, callOptions.signal, async () => {
        const response = await request(url, init, callOptions.signal);
        if (!response.ok) throw await refusalOf(response);
        // Safe: the gateway answers in the form of the operation.
        return (await (routeOf(name).answer === "bytes" ? response.blob() : response.json())) as OutputOf<typeof name>;
      });
    },

    async *followRun(runId, { signal, after = "" } = {}) {
      const url = `${base(options)}/v1/runs/${encodeURIComponent(runId)}/events`;
      for await (const event of resumed<RunEvent>(url, after, signal)) {
        yield event;
        if (isEnd(event)) return;
      }
    },

    async *chat({ agent = "default", message, sessionKey, attachments }, callOptions = {}) {
      const run = await client.call(
        "runs.start",
        {
          id: agent,
          input: message,
          ...(sessionKey !== undefined && { session_key: sessionKey }),
          ...(attachments && { attachments }),
        },
        callOptions,
      );
      const { signal } = callOptions;
      for await (const event of client.followRun(run.id, { ...(signal && { signal }) }))
        yield { ...event, runId: run.id };
    },

    async *events({ signal, after = "" } = {}) {
      yield* resumed<FeedEvent>(`${base(options)}/v1/events`, after, signal);
    },

    connect: (connectOptions) => openConnection(options, connectOptions),
  };

  /** Reads a stream of events, and continues after the last one wherever the connection breaks. */
  async function* resumed<Event>(url: string, after: string, signal: AbortSignal | undefined): AsyncGenerator<Event> {
    let cursor = after;
    for (let failures = 0; ; failures++) {
      try {
        const headers = {
          ...toHeaders(options),
          Accept: "text/event-stream",
          ...(cursor && { "Last-Event-ID": cursor }),
        };
        const response = await request(url, { headers }, signal);
        if (!response.ok || !response.body) throw await refusalOf(response);
        for await (const { id, data, event } of readEvents(response.body)) {
          if (event === "error") throw toError(JSON.parse(data).error);
          failures = 0;
          cursor = id ?? cursor;
          yield JSON.parse(data);
        }
      } catch (thrown) {
        if (signal?.aborted) throw aborted(signal);
        if (!isPassing(thrown)) throw thrown;
      }
      await pause(backOff(failures), signal);
    }
  }

  return client;
}

const base = ({ url }: ClientOptions): string => url.replace(/\/+$/, "");

/** A caller waits longer than this only by its own choice, in milliseconds. */
const LONGEST_WAIT = 10_000;

/** Returns whether the same call may succeed soon. What the network does is always so. */
function isPassing(thrown: unknown): boolean {
  if (thrown instanceof GoClawError) return thrown.retryable && thrown.retryAfterMs <= LONGEST_WAIT;
  return !(thrown instanceof SyntaxError);
}

async function repeated<Value>(
  retries: number,
  signal: AbortSignal | undefined,
  attempt: () => Promise<Value>,
): Promise<Value> {
  for (let failures = 0; ; failures++) {
    try {
      return await attempt();
    } catch (thrown) {
      if (failures >= retries || signal?.aborted || !isPassing(thrown)) throw thrown;
      await pause(backOff(failures, thrown instanceof GoClawError ? thrown.retryAfterMs : 0), signal);
    }
  }
}

async function refusalOf(response: Response): Promise<GoClawError> {
  const requestId = response.headers.get("x-request-id") ?? undefined;
  const body: unknown = await response.json().catch(() => undefined);
  const error = body !== null && typeof body === "object" && "error" in body ? body.error : undefined;
  return toError(error, { status: response.status, requestId });
}
