import { toTimestamp } from "#base/clock.ts";
import type { ModelRequest, ModelTool } from "#models/language-model.ts";
import { buildModelMessages, buildSystemPrompt, createBlobReader } from "#runtime/build-prompt.ts";
import type { RunRow } from "#runtime/claim-run.ts";
import type { RunEnd, RunTotals } from "#runtime/end-run.ts";
import { finishToolCalls } from "#runtime/finish-tool-calls.ts";
import type { Journal, StoredTurn } from "#runtime/journal.ts";
import type { LiveRun, RunStop } from "#runtime/live-run.ts";
import { type Message, textOf, toolCallsOf } from "#runtime/message-parts.ts";
import type { OpenModel, RunnableAgent } from "#runtime/ports.ts";
import type { RunDependencies } from "#runtime/run-dependencies.ts";
import type { LoopPorts, ThinkOutcome } from "#runtime/run-loop.ts";
import type { RunOptions } from "#runtime/run-options.ts";
import { addUsage, type RunFinish } from "#runtime/run-schema.ts";
import { type ModelTurn, streamTurn } from "#runtime/stream-turn.ts";
import { toRunError } from "#runtime/to-run-error.ts";
import { toUsage } from "#runtime/to-usage.ts";
import { readToolCalls, type ToolCallRecord, toToolCallPart } from "#runtime/tool-call-store.ts";
import type { UsageRecord } from "#runtime/usage-store.ts";

/** What an attempt works with, read when it begins. */
export interface AttemptStart {
  readonly run: RunRow;
  readonly agent: RunnableAgent;
  readonly opened: OpenModel;
  readonly options: RunOptions;
  readonly transcript: readonly Message[];
  readonly totals: RunTotals;
  readonly journal: Journal;
  readonly live: LiveRun;
  readonly signal: AbortSignal;
  readonly isLeaving: () => boolean;
  readonly onNextRun: (runId: string) => void;
}

/** One attempt at a run: the ports of the loop over the model, the tools and the journal. */
export class RunAttempt implements LoopPorts {
  readonly #dependencies: RunDependencies;
  readonly #start: AttemptStart;
  readonly #readBlob: (id: string) => Promise<Uint8Array>;
  readonly #system: string;
  #transcript: readonly Message[];
  #totals: RunTotals;
  /** A turn without calls, which is stored together with the run's end. */
  #answer: StoredTurn | undefined;

  constructor(dependencies: RunDependencies, start: AttemptStart) {
    this.#dependencies = dependencies;
    this.#start = start;
    this.#transcript = start.transcript;
    this.#totals = start.totals;
    this.#readBlob = createBlobReader(dependencies.blobs, dependencies.db.tenantId);
    this.#system = buildSystemPrompt(start.agent, start.options.instructions);
  }

  isLeaving(): boolean {
    return this.#start.isLeaving();
  }

  async finishCalls(): Promise<"done" | "client"> {
    const last = this.#transcript.at(-1);
    if (last?.role !== "assistant" || toolCallsOf(last.parts).length === 0) return "done";
    const calls = await readToolCalls(this.#dependencies.db.read, last.id);
    const { run, journal, signal } = this.#start;
    const results = await finishToolCalls(calls, { dependencies: this.#dependencies, run, journal, signal });
    if (signal.aborted) return "done";
    if (calls.some(({ state }) => state === "client")) return "client";
    this.#transcript = [...this.#transcript, await journal.storeResults(results)];
    this.#dependencies.failpoints.pass("results.stored");
    return "done";
  }

  async takeInputs(): Promise<void> {
    this.#transcript = [...this.#transcript, ...(await this.#start.journal.takeInputs())];
  }

  async think(isLast: boolean): Promise<ThinkOutcome> {
    const { journal, live, opened, signal } = this.#start;
    const { failpoints, clock } = this.#dependencies;
    const request = await this.#buildRequest(isLast);
    const messageId = await journal.startMessage();
    failpoints.pass("step.begun");

    const startedAt = clock.now();
    const listener = {
      text: (text: string) => {
        live.appendText(text);
        failpoints.pass("step.streaming");
      },
      reasoning: (text: string) => live.appendReasoning(text),
    };
    const turn = await streamTurn(opened.model, request, listener, signal);
    this.#recordCall(turn, startedAt);
    return turn.end.kind === "finish" ? this.#keep(messageId, turn, turn.end.finish) : this.#giveUp(messageId, turn);
  }

  async end(end: RunEnd): Promise<boolean> {
    const ending = await this.#start.journal.end(this.#withLastText(end), this.#totals, this.#answer);
    this.#answer = undefined;
    if (!ending.isEnded) {
      if (ending.message) this.#transcript = [...this.#transcript, ending.message];
      return false;
    }
    this.#dependencies.failpoints.pass("run.ended");
    if (ending.next !== undefined) this.#start.onNextRun(ending.next);
    return true;
  }

  async #buildRequest(isLast: boolean): Promise<ModelRequest> {
    const { agent, options } = this.#start;
    const isFirst = this.#transcript.at(-1)?.role !== "tool";
    const { maxOutputTokens, reasoningEffort } = agent;
    return {
      model: agent.model,
      messages: await buildModelMessages(this.#system, this.#transcript, this.#readBlob),
      tools: isLast ? [] : this.#offeredTools(),
      // A choice that forces a tool holds for the first call; kept up, the model could never answer.
      ...(options.toolChoice &&
        !isLast &&
        (isFirst || options.toolChoice === "none") && { toolChoice: options.toolChoice }),
      ...(options.responseFormat && { responseFormat: options.responseFormat }),
      settings: {
        ...(maxOutputTokens !== undefined && { maxOutputTokens }),
        ...(reasoningEffort && { reasoningEffort }),
        ...options.settings,
      },
    };
  }

  /** The caller's tools, and ours where the caller has none of the same name. */
  #offeredTools(): readonly ModelTool[] {
    const { clientTools } = this.#start.options;
    const own = [...this.#dependencies.tools.values()].filter(({ name }) => !this.#isClientTool(name));
    return [...own.map(({ name, description, parameters }) => ({ name, description, parameters })), ...clientTools];
  }

  #isClientTool(name: string): boolean {
    return this.#start.options.clientTools.some((tool) => tool.name === name);
  }

  async #keep(messageId: string, turn: ModelTurn, finish: RunFinish): Promise<ThinkOutcome> {
    const calls = turn.calls.map((call): ToolCallRecord => {
      const isClient = this.#isClientTool(call.name);
      const effect = isClient ? "read" : (this.#dependencies.tools.get(call.name)?.effectOf(call.arguments) ?? "read");
      return { ...call, effect, state: isClient ? "client" : "pending" };
    });
    const parts = [...turn.parts, ...calls.map(toToolCallPart)];
    const stored: StoredTurn = { messageId, parts, isComplete: true, calls, usage: this.#count(turn) };
    if (calls.length === 0) {
      this.#answer = stored;
      return { kind: "answer", finish, text: turn.text };
    }
    this.#transcript = [...this.#transcript, await this.#start.journal.storeTurn(stored)];
    this.#dependencies.failpoints.pass("turn.stored");
    return { kind: "calls" };
  }

  /** What was streamed stays, marked incomplete, unless the run goes on elsewhere and makes this call again. */
  async #giveUp(messageId: string, turn: ModelTurn): Promise<ThinkOutcome> {
    const { signal, agent, journal, run } = this.#start;
    const usage = this.#count(turn);
    const isDrained = signal.aborted && (signal.reason as RunStop).kind === "drained";
    if (turn.text !== "" && !(isDrained && run.is_resumable === 1)) {
      const parts = turn.parts.filter(({ type }) => type === "text");
      await journal.storeTurn({ messageId, parts, isComplete: false, calls: [], usage });
    } else if (usage) {
      await journal.storeUsage(usage);
    }
    if (signal.aborted) return { kind: "stopped", text: turn.text };
    const error = turn.end.kind === "error" ? turn.end.error : { kind: "unknown" as const, message: "" };
    this.#dependencies.logger.warn({ kind: error.kind, status: error.status }, error.message);
    return { kind: "failed", error: toRunError(error, agent.model), text: turn.text };
  }

  #count({ usage: reported }: ModelTurn): UsageRecord | undefined {
    if (!reported) return undefined;
    const { run, agent } = this.#start;
    const usage = toUsage(reported);
    const cost = this.#dependencies.priceOf(agent.provider, agent.model, usage);
    this.#totals = { usage: addUsage(this.#totals.usage, usage), cost: this.#totals.cost + cost };
    return { agentId: agent.id, userId: run.user_id, provider: agent.provider, model: agent.model, usage, cost };
  }

  #recordCall({ end, usage }: ModelTurn, startedAt: Date): void {
    const { spans, metrics, clock, db } = this.#dependencies;
    const { run, agent, opened } = this.#start;
    const outcome = end.kind === "finish" ? "ok" : end.error.kind;
    metrics.modelCalls.inc({ provider_type: opened.providerType, outcome });
    metrics.modelTokens.inc({ direction: "input" }, usage?.input ?? 0);
    metrics.modelTokens.inc({ direction: "output" }, usage?.output ?? 0);
    const endedAt = clock.now();
    spans.record(db.tenantId, {
      trace_id: run.trace_id,
      parent_span_id: null,
      run_id: run.id,
      agent_id: agent.id,
      span_type: "llm_call",
      name: `${agent.provider}/${agent.model}`,
      status: end.kind === "finish" ? "completed" : "error",
      error: end.kind === "error" ? end.error.kind : null,
      model: agent.model,
      provider: agent.provider,
      input_tokens: usage?.input ?? 0,
      output_tokens: usage?.output ?? 0,
      cost: usage ? this.#dependencies.priceOf(agent.provider, agent.model, toUsage(usage)) : 0,
      finish_reason: end.kind === "finish" ? end.finish : null,
      tool_name: null,
      tool_call_id: null,
      started_at: toTimestamp(startedAt),
      ended_at: toTimestamp(endedAt),
      duration_ms: endedAt.getTime() - startedAt.getTime(),
    });
  }

  #withLastText(end: RunEnd): RunEnd {
    if (end.status !== "completed" || end.output !== "") return end;
    const last = this.#transcript.findLast(({ role }) => role === "assistant");
    return { ...end, output: textOf(last?.parts ?? []) };
  }
}
