import type { ModelTool } from "#models/language-model.ts";
import { buildModelMessages, createBlobReader, withInstructions } from "#runtime/build-prompt.ts";
import { buildRequest } from "#runtime/build-request.ts";
import { type CalledTurn, callModel, type ModelCaller } from "#runtime/call-model.ts";
import type { RunRow } from "#runtime/claim-run.ts";
import { compactContext } from "#runtime/context/compact-context.ts";
import type { RunEnd, RunTotals } from "#runtime/end-run.ts";
import { finishToolCalls } from "#runtime/finish-tool-calls.ts";
import { type Guidance, guideRun } from "#runtime/guidance/guide-run.ts";
import type { Journal, StoredTurn } from "#runtime/journal.ts";
import type { LiveRun, RunStop } from "#runtime/live-run.ts";
import { type Message, type NewMessage, textOf, toolCallsOf } from "#runtime/message-parts.ts";
import { isSilentReply } from "#runtime/no-reply.ts";
import type { RunnableAgent } from "#runtime/ports.ts";
import { RunContext } from "#runtime/run-context.ts";
import type { RunDependencies } from "#runtime/run-dependencies.ts";
import type { ActOutcome, LoopPorts, ThinkOutcome } from "#runtime/run-loop.ts";
import type { RunOptions } from "#runtime/run-options.ts";
import { addUsage, type RunFinish } from "#runtime/run-schema.ts";
import { toRunError } from "#runtime/to-run-error.ts";
import { readToolCalls, type ToolCallRecord, toToolCallPart } from "#runtime/tool-call-store.ts";
import { type RunTools, toModelTools } from "#runtime/tools/run-tools.ts";
import type { UsageRecord } from "#runtime/usage-store.ts";

/** What an attempt works with, read when it begins. */
export interface AttemptStart {
  readonly run: RunRow;
  readonly agent: RunnableAgent;
  readonly options: RunOptions;
  readonly tools: RunTools;
  /** The session's transcript from its summary on. */
  readonly transcript: readonly Message[];
  /** The messages of this run so far. */
  readonly turns: readonly Message[];
  readonly session: { readonly label: string; readonly summary_until_id: string | null };
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
  readonly #caller: ModelCaller;
  readonly #readBlob: (id: string) => Promise<Uint8Array>;
  readonly #system: string;
  readonly #tools: readonly ModelTool[];
  readonly #context: RunContext;
  #totals: RunTotals;
  /** A turn without calls, which is stored together with the run's end. */
  #answer: StoredTurn | undefined;
  #hasRecovered = false;
  /** False once no summary could be had: it is not asked for again before every call. */
  #canSummarise = true;

  constructor(dependencies: RunDependencies, start: AttemptStart) {
    const { run, agent, options, tools, transcript, turns, session, totals } = start;
    this.#dependencies = dependencies;
    this.#start = start;
    this.#caller = { db: dependencies.db, agent, userId: run.user_id, run: { id: run.id, traceId: run.trace_id } };
    this.#totals = totals;
    this.#readBlob = createBlobReader(dependencies.blobs, dependencies.db.tenantId);
    this.#system = withInstructions(agent.systemPrompt, options.instructions);
    this.#tools = toModelTools(tools, options.clientTools);
    this.#context = new RunContext({
      tenantId: dependencies.db.tenantId,
      runId: run.id,
      agent,
      tokens: dependencies.tokens,
      transcript,
      turns,
      summaryUntil: session.summary_until_id,
      overhead: this.#system.length + tools.size + JSON.stringify(options.clientTools).length,
    });
  }

  isLeaving(): boolean {
    return this.#start.isLeaving();
  }

  async finishCalls(): Promise<ActOutcome> {
    const last = this.#context.transcript.at(-1);
    if (last?.role !== "assistant" || toolCallsOf(last.parts).length === 0) return this.#toOutcome(this.#guide([]));
    const calls = await readToolCalls(this.#dependencies.db.read, last.id);
    const { run, agent, journal, signal } = this.#start;
    // Looked at anew: what was switched off meanwhile is not executed any more.
    const tools = await this.#dependencies.runTools.load(this.#dependencies.db, agent);
    const allowed = (agent.maxToolCalls ?? Number.POSITIVE_INFINITY) - this.#callsMade(last);
    const results = await finishToolCalls(calls, {
      dependencies: this.#dependencies,
      tools,
      allowed,
      run,
      journal,
      signal,
    });
    if (signal.aborted) return { kind: "act" };
    if (calls.some(({ state }) => state === "client")) return { kind: "client" };
    const guidance = this.#guide([{ role: "tool", parts: results }]);
    this.#context.append(await journal.storeResults(results, guidance.notes));
    this.#dependencies.failpoints.pass("results.stored");
    return this.#toOutcome(guidance);
  }

  async takeInputs(): Promise<void> {
    this.#context.append(await this.#start.journal.takeInputs());
  }

  async think(isLast: boolean): Promise<ThinkOutcome> {
    const { journal, signal } = this.#start;
    if (this.#context.isFull && this.#canSummarise) await this.#compact();
    let messageId = await journal.startMessage();
    this.#dependencies.failpoints.pass("step.begun");

    let turn = await this.#call(isLast);
    if (isOverflow(turn) && !this.#hasRecovered && !signal.aborted) {
      this.#hasRecovered = true;
      if (await this.#compact()) {
        messageId = await this.#beginAnew(messageId, turn);
        turn = await this.#call(isLast);
      }
    }
    return turn.end.kind === "finish"
      ? this.#keep(messageId, turn, turn.end.finish, isLast)
      : this.#giveUp(messageId, turn);
  }

  async end(end: RunEnd): Promise<boolean> {
    const ended = this.#withLastText(end);
    const ending = await this.#start.journal.end(ended, this.#totals, this.#answer);
    this.#answer = undefined;
    if (!ending.isEnded) {
      if (ending.message) this.#context.append([ending.message]);
      return false;
    }
    this.#dependencies.failpoints.pass("run.ended");
    this.#dependencies.metrics.runsEnded.inc({ status: end.status, kind: this.#start.run.kind });
    if (ending.next !== undefined) this.#start.onNextRun(ending.next);
    this.#offerTitle(ended);
    return true;
  }

  /** Counts a call that is made again. Its message is taken back, if something of it has been seen, before another is written. */
  async #beginAnew(messageId: string, turn: CalledTurn): Promise<string> {
    await this.#storeUsage(turn.counted);
    if (turn.parts.length === 0) return messageId;
    await this.#start.journal.resetMessage(messageId);
    return this.#start.journal.startMessage();
  }

  async #call(isLast: boolean): Promise<CalledTurn> {
    const { live, signal, agent, options } = this.#start;
    const listener = {
      text: (text: string) => {
        live.appendText(text);
        this.#dependencies.failpoints.pass("step.streaming");
      },
      reasoning: (text: string) => live.appendReasoning(text),
    };
    const { shown, turns } = this.#context;
    const messages = await buildModelMessages(this.#system, shown, this.#readBlob);
    const isFirst = turns.every(({ role }) => role !== "assistant");
    const request = buildRequest(agent, options, messages, this.#tools, { isFirst, isLast });
    const turn = await callModel(this.#dependencies, this.#caller, request, listener, signal);
    await this.#storeUsage(...turn.wasted);
    if (turn.usage && turn.model === agent.model) {
      this.#context.learn(shown, turn.usage.input);
    }
    return turn;
  }

  async #compact(): Promise<boolean> {
    const { journal, signal } = this.#start;
    const outcome = await compactContext({
      services: this.#dependencies,
      caller: this.#caller,
      context: this.#context,
      journal,
      signal,
      onUsage: (usage) => this.#addToTotals(usage),
    });
    if (outcome === "failed") this.#canSummarise = false;
    return outcome === "done";
  }

  #guide(more: readonly NewMessage[]): Guidance {
    const { agent, tools } = this.#start;
    return guideRun([...this.#context.turns, ...more], {
      maxIterations: agent.maxIterations,
      maxToolCalls: agent.maxToolCalls,
      isRead: ({ name, arguments: text }) => (tools.find(name)?.effectOf(text) ?? "once") === "read",
    });
  }

  /** Calls of our tools in the turns before one. */
  #callsMade(turn: Message): number {
    const before = this.#context.turns.filter(({ id }) => id !== turn.id);
    return before.flatMap(({ parts }) => toolCallsOf(parts)).filter(({ is_client }) => !is_client).length;
  }

  #toOutcome({ mustAnswer, isHopeless }: Guidance): ActOutcome {
    return isHopeless ? { kind: "hopeless" } : { kind: mustAnswer ? "answer" : "act" };
  }

  #isClientTool(name: string): boolean {
    return this.#start.options.clientTools.some((tool) => tool.name === name);
  }

  async #keep(messageId: string, turn: CalledTurn, finish: RunFinish, isLast: boolean): Promise<ThinkOutcome> {
    if (isLast && turn.text === "" && turn.calls.length > 0) {
      await this.#storeUsage(turn.counted);
      return { kind: "exhausted" };
    }
    // Calls of tools that it was not offered do not count beside what it says.
    const wanted = isLast ? [] : turn.calls;
    const calls = wanted.map((call): ToolCallRecord => {
      const isClient = this.#isClientTool(call.name);
      const effect = isClient ? "read" : (this.#start.tools.find(call.name)?.effectOf(call.arguments) ?? "read");
      const { id, name, arguments: text } = call;
      return { id, name, arguments: text, effect, state: isClient ? "client" : "pending" };
    });
    const callParts = calls.map((call, index) => toToolCallPart(call, turn.calls[index]?.metadata));
    const parts = [...turn.parts, ...callParts];
    const stored: StoredTurn = { messageId, parts, isComplete: true, calls, usage: this.#count(turn) };
    if (calls.length === 0) {
      this.#answer = stored;
      return { kind: "answer", finish: finish === "tool_calls" ? "stop" : finish, text: turn.text };
    }
    this.#context.append([await this.#start.journal.storeTurn(stored)]);
    this.#dependencies.failpoints.pass("turn.stored");
    return { kind: "calls" };
  }

  /** What was streamed stays, marked incomplete, unless the run goes on elsewhere and makes this call again. */
  async #giveUp(messageId: string, turn: CalledTurn): Promise<ThinkOutcome> {
    const { signal, journal, run } = this.#start;
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
    return { kind: "failed", error: toRunError(error, turn.model), text: turn.text };
  }

  /** Of calls that gave no message. */
  async #storeUsage(...records: readonly (UsageRecord | undefined)[]): Promise<void> {
    for (const record of records.flatMap((known) => known ?? [])) {
      this.#addToTotals(record);
      await this.#start.journal.storeUsage(record);
    }
  }

  #count({ counted }: CalledTurn): UsageRecord | undefined {
    if (counted) this.#addToTotals(counted);
    return counted;
  }

  #addToTotals({ usage, cost }: UsageRecord): void {
    this.#totals = { usage: addUsage(this.#totals.usage, usage), cost: this.#totals.cost + cost };
  }

  /** What the caller gets as the run's text. Nothing, where the agent chose to say nothing; chats are never touched. */
  #withLastText(end: RunEnd): RunEnd {
    if (end.status !== "completed") return end;
    const last = this.#context.transcript.findLast(({ role }) => role === "assistant");
    const output = end.output === "" ? textOf(last?.parts ?? []) : end.output;
    return { ...end, output: this.#start.run.kind !== "chat" && isSilentReply(output) ? "" : output };
  }

  #offerTitle(end: RunEnd): void {
    const { options, session, run } = this.#start;
    if (end.status !== "completed" || !options.wantsTitle || session.label !== "" || end.output === "") return;
    const asked = this.#context.transcript.find(({ role, parts }) => role === "user" && textOf(parts) !== "");
    if (!asked) return;
    this.#dependencies.titles.offer({
      sessionId: run.session_id,
      // The run has been told what it used: a title is not part of it any more.
      caller: { ...this.#caller, run: undefined },
      question: textOf(asked.parts),
      answer: end.output,
    });
  }
}

/** The conversation did not fit: the provider says so, or left no room for an answer, be it for thinking. */
const isOverflow = ({ end, text, calls, usage }: CalledTurn): boolean =>
  end.kind === "error"
    ? end.error.kind === "context_overflow"
    : end.finish === "length" && text === "" && calls.length === 0 && !usage?.output;
