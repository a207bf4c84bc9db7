import type { Client } from "@modelcontextprotocol/client";
import { z } from "zod";
import type { Clock } from "#base/clock.ts";
import type { TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { createTransport, loadSdk, type TransportDependencies } from "#mcp/create-transport.ts";
import { GuardedTransport } from "#mcp/guarded-transport.ts";
import { McpError } from "#mcp/mcp-error.ts";
import type { McpTarget } from "#mcp/mcp-target.ts";
import { type ListedTool, toListedTool } from "#mcp/to-listed-tool.ts";
import { toMcpError } from "#mcp/to-mcp-error.ts";

export interface ConnectionDependencies extends TransportDependencies {
  readonly clock: Clock;
  /** The gateway's version, as servers learn it. */
  readonly version: string;
}

export interface ConnectionEvents {
  readonly onToolsChanged: () => void;
  readonly onClosed: () => void;
  /** Stops a connection that is being opened. */
  readonly signal: AbortSignal;
}

export interface ToolCallOptions {
  readonly signal: AbortSignal;
  /** In milliseconds. Progress of the call begins it anew. */
  readonly timeoutMs: number;
  readonly onProgress?: (progress: CallProgress) => void;
}

/** How far a call has come, as the server says. */
export interface CallProgress {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

const ToolPage = z.looseObject({
  tools: z.array(z.unknown()).catch([]),
  nextCursor: z.string().optional().catch(undefined),
});

const METHOD_NOT_FOUND = -32_601;

/** What a server answers to a call. Its content is checked where it is converted. */
const CallAnswer = z.looseObject({
  content: z.array(z.unknown()).catch([]),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().optional().catch(undefined),
});
export type CallAnswer = z.infer<typeof CallAnswer>;

/** An open connection to one server. Every method rejects with `McpError`. */
export class McpConnection {
  readonly #client: Client;
  readonly #transport: GuardedTransport;

  private constructor(client: Client, transport: GuardedTransport) {
    this.#client = client;
    this.#transport = transport;
  }

  /** Connects and shakes hands. Rejects if that takes longer than `LIMITS.mcpConnect`. */
  static async open(
    target: McpTarget,
    tenantId: TenantId,
    dependencies: ConnectionDependencies,
    events: ConnectionEvents,
  ): Promise<McpConnection> {
    const sdk = await loadSdk();
    const transport = new GuardedTransport({
      create: (onBreach) => createTransport(target, { ...dependencies, sdk, tenantId, onBreach }),
      // A new event stream of this transport would be a session without a handshake.
      isEnd: (error) => error instanceof sdk.SseError,
      clock: dependencies.clock,
    });
    const client = new sdk.Client({ name: "goclaw", version: dependencies.version }, { capabilities: {} });
    client.onclose = events.onClosed;
    client.onerror = () => undefined;
    client.setNotificationHandler("notifications/tools/list_changed", events.onToolsChanged);
    const connection = new McpConnection(client, transport);
    const stop = () => void connection.close();
    const timer = setTimeout(stop, LIMITS.mcpConnect);
    events.signal.addEventListener("abort", stop, { once: true });
    try {
      if (events.signal.aborted) throw new McpError("aborted", "the connection is no longer wanted");
      await client.connect(transport, { timeout: LIMITS.mcpConnect });
      return connection;
    } catch (thrown) {
      await connection.close();
      throw connection.#explain(thrown, "unreachable");
    } finally {
      clearTimeout(timer);
      events.signal.removeEventListener("abort", stop);
    }
  }

  /** Lists the tools, up to `LIMITS.mcpTools`. Tools that no model could use are left out. */
  async listTools(): Promise<readonly ListedTool[]> {
    const tools = new Map<string, ListedTool>();
    const signal = AbortSignal.timeout(LIMITS.mcpListTime);
    let cursor: string | undefined;
    for (let pages = 0; pages < LIMITS.mcpListPages && tools.size < LIMITS.mcpTools; pages++) {
      const page = await this.#readPage(cursor, signal);
      for (const listed of page.tools) {
        const tool = toListedTool(listed);
        if (tool && tools.size < LIMITS.mcpTools && !tools.has(tool.name)) tools.set(tool.name, tool);
      }
      if (page.nextCursor === undefined || page.nextCursor === cursor) break;
      cursor = page.nextCursor;
    }
    return [...tools.values()];
  }

  /** A server without tools need not know the method. */
  async #readPage(cursor: string | undefined, signal: AbortSignal): Promise<z.output<typeof ToolPage>> {
    const params = cursor === undefined ? {} : { cursor };
    return this.#request("tools/list", params, ToolPage, signal).catch((thrown) => {
      if (thrown instanceof McpError && thrown.code === METHOD_NOT_FOUND) return { tools: [] };
      throw thrown;
    });
  }

  /** Calls a tool. An abort is passed on to the server. */
  call(name: string, input: Readonly<Record<string, unknown>>, options: ToolCallOptions): Promise<CallAnswer> {
    const { signal, timeoutMs, onProgress } = options;
    return this.#request("tools/call", { name, arguments: input }, CallAnswer, signal, {
      timeout: timeoutMs,
      maxTotalTimeout: LIMITS.mcpCallTotal,
      resetTimeoutOnProgress: true,
      onprogress: onProgress ?? (() => undefined),
    });
  }

  /** Rejects if the server does not answer in time. */
  async ping(): Promise<void> {
    await this.#request("ping", {}, z.looseObject({}), AbortSignal.timeout(LIMITS.mcpHealthCheck));
  }

  async close(): Promise<void> {
    await this.#transport.end().catch(() => undefined);
  }

  async #request<Answer extends object>(
    method: string,
    params: Readonly<Record<string, unknown>>,
    schema: z.ZodType<Answer>,
    signal: AbortSignal,
    options: object = { timeout: LIMITS.mcpListTime },
  ): Promise<Answer> {
    try {
      if (signal.aborted) throw new McpError("aborted", "the call was stopped");
      return await this.#client.request({ method, params }, schema, { ...options, signal });
    } catch (thrown) {
      if (signal.aborted && !isTimeout(signal))
        throw new McpError("aborted", "the call was stopped", { cause: thrown });
      throw this.#explain(thrown, "closed");
    }
  }

  /** Names the breach that closed the connection, or else the failure itself. */
  #explain(thrown: unknown, whenUnknown: "closed" | "unreachable"): McpError {
    const error = this.#transport.breach ?? toMcpError(thrown, this.#transport.sessionId !== undefined);
    if (whenUnknown === "unreachable") {
      if (error.kind !== "closed") return error;
      return new McpError("unreachable", ENDED_EARLY, { detail: this.#transport.lastWords, cause: error });
    }
    if (error.kind !== "unreachable") return error;
    // A failure of an open connection does not tell whether the server saw the request.
    return new McpError("closed", error.message, { cause: error });
  }
}

const ENDED_EARLY = "the server ended the connection before it was open";

const isTimeout = ({ reason }: AbortSignal): boolean =>
  reason instanceof DOMException && reason.name === "TimeoutError";
