import { isDeepStrictEqual } from "node:util";
import { elapsedOf } from "#base/clock.ts";
import type { TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Secret } from "#base/secret.ts";
import {
  type CallAnswer,
  type ConnectionDependencies,
  McpConnection,
  type ToolCallOptions,
} from "#mcp/mcp-connection.ts";
import { McpError } from "#mcp/mcp-error.ts";
import type { McpTarget } from "#mcp/mcp-target.ts";
import { RetryPause } from "#mcp/retry-pause.ts";
import { secretsOf } from "#mcp/secrets-of.ts";
import type { ReportState } from "#mcp/states/connection-states.ts";
import type { ListedTool } from "#mcp/to-listed-tool.ts";

export interface PoolDependencies extends ConnectionDependencies {
  /** Returns a number from 0 up to 1. */
  readonly random: () => number;
}

export interface PooledCall extends ToolCallOptions {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** True if a second execution does no harm. */
  readonly isRepeatable: boolean;
}

/** A connection that lived shorter than this counts as a failed attempt. */
const SHORT_LIFE = LIMITS.mcpRetryDelay;

/**
 * One server with one set of credentials. It connects on first use, and again on the first use after a connection
 * broke. After a failure it rests for a while, and answers at once that it does.
 */
export class PooledServer {
  readonly #target: McpTarget;
  readonly #tenantId: TenantId;
  readonly #dependencies: PoolDependencies;
  readonly #reportState: ReportState;
  readonly #pause: RetryPause;
  readonly #retirement = new AbortController();
  #opening: Promise<McpConnection> | undefined;
  #connection: McpConnection | undefined;
  #listing: Promise<readonly ListedTool[]> | undefined;
  #tools: readonly ListedTool[] | undefined;
  /** True if the server may list other tools now. */
  #isStale = true;
  /** When the current or last listing began, in milliseconds of the clock. */
  #listingSince = 0;
  #calls = 0;
  #usedAt = 0;

  constructor(target: McpTarget, tenantId: TenantId, dependencies: PoolDependencies, reportState: ReportState) {
    this.#target = target;
    this.#tenantId = tenantId;
    this.#dependencies = dependencies;
    this.#reportState = reportState;
    this.#pause = new RetryPause(dependencies.clock, dependencies.random);
    this.#touch();
  }

  get isConnected(): boolean {
    return this.#connection !== undefined || this.#opening !== undefined;
  }

  /** What the server is given. It may send it back. */
  get secrets(): readonly Secret[] {
    return secretsOf(this.#target);
  }

  /** When the server was last used, in milliseconds of the clock. */
  get usedAt(): number {
    return this.#calls > 0 ? elapsedOf(this.#dependencies.clock) : this.#usedAt;
  }

  /**
   * Returns the same list until the server lists other tools. The last list also serves while the server is away.
   * Rejects with `McpError` if there is none yet.
   */
  async listTools(): Promise<readonly ListedTool[]> {
    this.#touch();
    if (this.#tools && !this.#isStale) return this.#tools;
    if (this.#tools && this.#pause.remaining > 0) return this.#tools;
    const listing = this.#startListing();
    if (!this.#tools) return listing;
    // A changed list is fetched while runs go on with the last one.
    listing.catch(() => undefined);
    return this.#tools;
  }

  /**
   * Like `listTools`, but resolves to undefined if there is no list, or if the first one takes longer than `waitMs`.
   * Several callers together wait no longer than one.
   */
  async findTools(waitMs: number): Promise<readonly ListedTool[] | undefined> {
    const listing = this.listTools().catch(() => undefined);
    if (this.#tools) return listing;
    const waited = elapsedOf(this.#dependencies.clock) - this.#listingSince;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), Math.max(0, waitMs - waited));
    return Promise.race([listing, promise]).finally(() => clearTimeout(timer));
  }

  /** Calls a tool. Only a call that may be repeated is made again after its connection broke. */
  async call(call: PooledCall): Promise<CallAnswer> {
    this.#touch();
    this.#calls++;
    try {
      return await this.#callOnce(call);
    } catch (thrown) {
      if (!(thrown instanceof McpError) || call.signal.aborted) throw thrown;
      // The server refused a call of a forgotten session unseen. A broken connection leaves open what happened.
      if (thrown.kind !== "session_lost" && !(call.isRepeatable && thrown.kind === "closed")) throw thrown;
      return await this.#callOnce(call);
    } finally {
      this.#calls--;
      this.#touch();
    }
  }

  /** Closes the connection if the server does not answer. Does nothing while there is none. */
  async check(): Promise<void> {
    if (!this.#connection || this.#calls > 0) return;
    const connection = this.#connection;
    await connection.ping().catch(async (thrown) => {
      // An error as an answer is an answer.
      if (thrown instanceof McpError && thrown.kind === "refused") return;
      if (this.#connection !== connection) return;
      await this.#drop();
      this.#report("failed", thrown);
    });
  }

  /** Closes the connection and forgets failures, so that the next use connects again at once. */
  async reconnect(): Promise<void> {
    this.#pause.succeed();
    await this.#drop();
  }

  /** Closes the connection. A later use opens a new one. */
  async disconnect(): Promise<void> {
    await this.#drop();
  }

  /** Closes the connection for good, because the server changed or the gateway stops. */
  async retire(): Promise<void> {
    this.#retirement.abort();
    const opening = this.#opening;
    await this.#drop();
    await opening?.then((connection) => connection.close()).catch(() => undefined);
  }

  async #callOnce({ name, input, ...options }: PooledCall): Promise<CallAnswer> {
    const connection = await this.#connect(options.signal);
    return this.#withSession(connection, () => connection.call(name, input, options));
  }

  /** Drops the connection if its session is lost, but not a newer one, over which others call already. */
  async #withSession<Answer>(connection: McpConnection, use: () => Promise<Answer>): Promise<Answer> {
    try {
      return await use();
    } catch (thrown) {
      const isLost = thrown instanceof McpError && thrown.kind === "session_lost";
      if (isLost && this.#connection === connection) await this.#drop();
      throw thrown;
    }
  }

  #startListing(): Promise<readonly ListedTool[]> {
    if (this.#listing) return this.#listing;
    this.#listingSince = elapsedOf(this.#dependencies.clock);
    this.#listing = this.#list().finally(() => {
      this.#listing = undefined;
    });
    return this.#listing;
  }

  async #list(): Promise<readonly ListedTool[]> {
    try {
      const listed = await this.#listOnce().catch(async (thrown) => {
        if (!(thrown instanceof McpError) || thrown.kind !== "session_lost") throw thrown;
        return this.#listOnce();
      });
      if (!this.#tools || !isDeepStrictEqual(this.#tools, listed)) this.#tools = listed;
      if (this.#connection) this.#report("connected");
      return this.#tools;
    } catch (error) {
      this.#isStale = true;
      // Runs ask before every turn, so a server that cannot list its tools rests too.
      if (this.#pause.remaining === 0) this.#pause.fail();
      // A server that rests, or whose caller went away, is in the state that it was in.
      const isNews = !(error instanceof McpError && (error.kind === "resting" || error.kind === "aborted"));
      if (isNews) this.#report("failed", error);
      throw error;
    }
  }

  async #listOnce(): Promise<readonly ListedTool[]> {
    const connection = await this.#connect(AbortSignal.timeout(LIMITS.mcpConnect));
    // A change that is reported from now on needs another list.
    this.#isStale = false;
    return this.#withSession(connection, () => connection.listTools());
  }

  async #connect(signal: AbortSignal): Promise<McpConnection> {
    if (this.#retirement.signal.aborted) throw new McpError("closed", "the server was changed");
    if (this.#connection) return this.#connection;
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return Promise.race([this.#opening, rejectOnAbort(signal)]);
  }

  async #open(): Promise<McpConnection> {
    const seconds = Math.ceil(this.#pause.remaining / 1_000);
    if (seconds > 0) {
      throw new McpError("resting", `the server failed just now; it is tried again in ${seconds} seconds`);
    }
    const openedAt = elapsedOf(this.#dependencies.clock);
    let opened: McpConnection | undefined;
    let isClosed = false;
    const onClosed = () => {
      isClosed = true;
      if (!opened || this.#connection !== opened) return;
      this.#connection = undefined;
      this.#isStale = true;
      this.#report("failed", new McpError("closed", "the server closed the connection"));
      if (elapsedOf(this.#dependencies.clock) - openedAt < SHORT_LIFE) this.#pause.fail();
    };
    const onToolsChanged = () => {
      this.#isStale = true;
      const isSoon = elapsedOf(this.#dependencies.clock) - this.#listingSince < LIMITS.mcpRelistPause;
      // A server that reports changes without end is asked again only when a run needs its tools.
      if (this.#connection && !isSoon) this.#startListing().catch(() => undefined);
    };
    this.#report("connecting");
    try {
      const events = { onClosed, onToolsChanged, signal: this.#retirement.signal };
      opened = await McpConnection.open(this.#target, this.#tenantId, this.#dependencies, events);
    } catch (error) {
      this.#pause.fail();
      this.#report("failed", error);
      throw error;
    }
    if (this.#retirement.signal.aborted || isClosed) {
      await opened.close();
      const error = new McpError("closed", "the connection was closed while it was opened");
      this.#report("failed", error);
      throw error;
    }
    this.#pause.succeed();
    this.#isStale = true;
    this.#connection = opened;
    this.#report("connected");
    return opened;
  }

  async #drop(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#isStale = true;
    if (connection) this.#report("idle");
    await connection?.close();
  }

  /** Reports the gateway's own words alone, because everybody who may read the server sees them. */
  #report(state: Parameters<ReportState>[0], failure?: unknown): void {
    if (this.#retirement.signal.aborted) return;
    const error = failure === undefined ? undefined : toReason(failure);
    this.#reportState(state, { error, toolCount: this.#tools?.length });
  }

  #touch(): void {
    this.#usedAt = elapsedOf(this.#dependencies.clock);
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(new McpError("aborted", "the call was stopped"));
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  return promise;
}

function toReason(failure: unknown): string {
  if (!(failure instanceof McpError)) return "the connection failed";
  return failure.kind === "aborted" ? "the server took too long" : failure.message;
}
