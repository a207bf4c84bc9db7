import { findRefused } from "#runtime/engine/find-refused.ts";
import { finishToolCalls } from "#runtime/engine/finish-tool-calls.ts";
import type { RunDependencies } from "#runtime/engine/run-dependencies.ts";
import type { ActOutcome, LoopPorts, ThinkOutcome } from "#runtime/engine/run-loop.ts";
import { RunTally } from "#runtime/engine/run-tally.ts";
import { ThinkStep, type ThoughtTurn } from "#runtime/engine/think-step.ts";
import type { LiveRun, RunStop } from "#runtime/live/index.ts";
import { type CalledTurn, toRunError } from "#runtime/model-calls/index.ts";
import {
  buildSystemPrompt,
  ConversationWindow,
  type Guidance,
  guideRun,
  isSilentReply,
  type PromptSection,
} from "#runtime/prompt/index.ts";
import {
  type EndOutcome,
  type Journal,
  type RunAllowance,
  type RunEnd,
  type RunFinish,
  type RunnableAgent,
  type RunOptions,
  type RunRow,
  type RunTotals,
  type StoredTurn,
  type TracedRun,
  traceContextOf,
} from "#runtime/runs/index.ts";
import {
  createToolNames,
  hasReadableArguments,
  OfferedTools,
  type RunTools,
  toModelTools,
} from "#runtime/tools/index.ts";
import {
  type Message,
  type NewMessage,
  readToolCalls,
  type ToolCallRecord,
  textOf,
  toolCallsOf,
  toolResultsOf,
  toToolCallPart,
} from "#runtime/transcript/index.ts";

/** The data and collaborators of one attempt, read when it begins. */
export interface AttemptStart {
  readonly run: RunRow;
  readonly agent: RunnableAgent;
  readonly options: RunOptions;
  readonly prompt: readonly PromptSection[];
  readonly tools: RunTools;
  /** The session's transcript, beginning with its summary. */
  readonly transcript: readonly Message[];
  /** The messages of this run so far. */
  readonly turns: readonly Message[];
  readonly session: { readonly label: string; readonly summary_until_id: string | null };
  readonly totals: RunTotals;
  /** The most model calls of the run. */
  readonly maxIterations: number;
  /** Returns the time that is left, at least 1. */
  readonly secondsLeft: () => number;
  readonly journal: Journal;
  readonly live: LiveRun;
  readonly signal: AbortSignal;
  /** Returns true if this process must release the run to its next owner. */
  readonly isLeaving: () => boolean;
  readonly onEnd: (end: RunEnd, outcome: EndOutcome) => void;
}

/** One attempt at a run. Implements the ports of the loop with the model, the tools and the journal. */
export class RunAttempt implements LoopPorts {
  readonly #dependencies: RunDependencies;
  readonly #start: AttemptStart;
  readonly #offer: OfferedTools;
  readonly #window: ConversationWindow;
  readonly #thinkStep: ThinkStep;
  readonly #tally: RunTally;
  /** A turn without calls. It is stored together with the run's end. */
  #answer: StoredTurn | undefined;

  constructor(dependencies: RunDependencies, start: AttemptStart) {
    const { run, agent, options, prompt, tools, transcript, turns, session, journal, live, signal } = start;
    const { db, tokens } = dependencies;
    const system = buildSystemPrompt([...prompt, ...introduce(tools)], options.instructions);
    const results = turns.flatMap(({ parts }) => toolResultsOf(parts));
    this.#dependencies = dependencies;
    this.#start = start;
    this.#offer = new OfferedTools(tools, options.clientTools, results);
    this.#tally = new RunTally(start.totals, journal);
    this.#window = new ConversationWindow({
      tenantId: db.tenantId,
      runId: run.id,
      agent,
      tokens,
      transcript,
      turns,
      summaryUntil: session.summary_until_id,
      overhead: system.length + tools.size + JSON.stringify(options.clientTools).length,
    });
    this.#thinkStep = new ThinkStep({
      dependencies,
      caller: {
        db,
        agent,
        userId: run.user_id,
        run: toTracedRun(run, options),
      },
      options,
      window: this.#window,
      system,
      offer: this.#offer,
      journal,
      live,
      tally: this.#tally,
      signal,
    });
  }

  isLeaving(): boolean {
    return this.#start.isLeaving();
  }

  async checkRights(): Promise<void> {
    const { run, options, live } = this.#start;
    const { db, rights } = this.#dependencies;
    const error = await rights.findRefusal(db, {
      runId: run.id,
      agentId: run.agent_id,
      accessor: options.accessor,
      parentRunId: run.parent_run_id,
      cost: this.#tally.totals.cost,
    });
    if (error) live.stop({ kind: "refused", error });
  }

  async finishCalls(): Promise<ActOutcome> {
    const last = this.#window.transcript.at(-1);
    if (last?.role !== "assistant" || toolCallsOf(last.parts).length === 0) return toOutcome(this.#guide([]));
    const { run, agent, options, journal, live, signal } = this.#start;
    const { db, runTools, failpoints } = this.#dependencies;
    const calls = await readToolCalls(db.read, last.id);
    // Loads the tools again, because a tool that was switched off since the run began must not run.
    const tools = this.#offer.applyTo(await runTools.load(db, { agent, userId: run.user_id }));
    const allowed = this.#maxToolCalls - this.#callsMade(last);
    const left = () => this.#left(allowed - calls.filter(({ state }) => state !== "client").length);
    const dependencies = this.#dependencies;
    const names = createToolNames(toModelTools(tools, options.clientTools));
    const checkRights = () => this.checkRights();
    const own = { run, draft: options.draft, trace: toTracedRun(run, options), journal, live, signal };
    const context = { dependencies, tools, names, allowed, ...own, left, checkRights };
    const results = await finishToolCalls(calls, context);
    this.#offer.learn(results);
    if (signal.aborted) return { kind: "act" };
    if (calls.some(({ state }) => state === "client")) return { kind: "client" };
    const guidance = this.#guide([{ role: "tool", parts: results }]);
    this.#window.append(await journal.storeResults(results, guidance.notes));
    failpoints.pass("results.stored");
    return toOutcome(guidance);
  }

  async takeInputs(): Promise<void> {
    this.#window.append(await this.#start.journal.takeInputs());
  }

  async think(isLast: boolean): Promise<ThinkOutcome> {
    const thought = await this.#thinkStep.run(isLast);
    const { end } = thought.turn;
    return end.kind === "finish" ? this.#keepTurn(thought, end.finish, isLast) : this.#giveUp(thought);
  }

  async end(end: RunEnd): Promise<boolean> {
    const { journal, session, onEnd } = this.#start;
    const ending = { end: this.#withLastText(end), totals: this.#tally.totals, sessionLabel: session.label };
    const outcome = await journal.end({ ...ending, turn: this.#answer });
    this.#answer = undefined;
    if (!outcome.isEnded) {
      if (outcome.message) this.#window.append([outcome.message]);
      return false;
    }
    this.#dependencies.failpoints.pass("run.ended");
    onEnd(end, outcome);
    return true;
  }

  #guide(results: readonly NewMessage[]): Guidance {
    const { tools } = this.#offer;
    return guideRun([...this.#window.turns, ...results], {
      maxIterations: this.#start.maxIterations,
      maxToolCalls: this.#maxToolCalls,
      isRead: ({ name, arguments: text }) => (tools.find(name)?.effectOf(text) ?? "once") === "read",
    });
  }

  get #maxToolCalls(): number {
    const { agent, options } = this.#start;
    return Math.min(agent.maxToolCalls ?? Number.POSITIVE_INFINITY, options.maxToolCalls ?? Number.POSITIVE_INFINITY);
  }

  /** Returns what the run has left. `toolCalls` is without a limit if it is infinite. */
  #left(toolCalls: number): RunAllowance {
    const { maxIterations, secondsLeft } = this.#start;
    const used = this.#window.turns.filter(({ role }) => role === "assistant").length;
    return {
      maxIterations: Math.max(1, maxIterations - used),
      maxSeconds: secondsLeft(),
      ...(Number.isFinite(toolCalls) && { maxToolCalls: Math.max(0, toolCalls) }),
    };
  }

  /** Counts the calls of the gateway's tools in the turns before this one. */
  #callsMade(turn: Message): number {
    const before = this.#window.turns.filter(({ id }) => id !== turn.id);
    return before.flatMap(({ parts }) => toolCallsOf(parts)).filter(({ is_client }) => !is_client).length;
  }

  #isClientTool(name: string): boolean {
    return this.#start.options.clientTools.some((tool) => tool.name === name);
  }

  async #keepTurn({ messageId, turn }: ThoughtTurn, finish: RunFinish, isLast: boolean): Promise<ThinkOutcome> {
    if (isLast && turn.text === "" && turn.calls.length > 0) {
      await this.#tally.store(turn.counted);
      return { kind: "exhausted" };
    }
    // The last call of a run offers no tools, so calls in its answer are dropped.
    const requested = isLast ? [] : turn.calls;
    const calls = requested.map((call) => this.#toRecord(call));
    const callParts = calls.map((call, index) => toToolCallPart(call, requested[index]?.metadata));
    const parts = [...turn.parts, ...callParts];
    this.#tally.countToolCalls(calls.filter(({ state }) => state !== "client").length);
    const usage = this.#tally.count(turn.counted);
    const { answeredBy } = turn;
    const stored: StoredTurn = { messageId, parts, isComplete: true, calls, usage, answeredBy };
    if (calls.length === 0) {
      this.#answer = stored;
      return { kind: "answer", finish: finish === "tool_calls" ? "stop" : finish, text: turn.text };
    }
    this.#window.append([await this.#start.journal.storeTurn(stored)]);
    this.#dependencies.failpoints.pass("turn.stored");
    return { kind: "calls" };
  }

  #toRecord({ id, name: written, arguments: text }: CalledTurn["calls"][number]): ToolCallRecord {
    const name = this.#offer.names.resolve(written);
    // A torn call never reaches the client. The model reads that it is torn and sends it again.
    const isHandedOut = this.#isClientTool(name) && hasReadableArguments(text);
    if (isHandedOut) return { id, name, arguments: text, effect: "read", state: "client" };
    const effect = this.#offer.tools.find(name)?.effectOf(text) ?? "read";
    return { id, name, arguments: text, effect, state: "pending" };
  }

  /** Stores the streamed text of a failed call as incomplete, unless the next owner of the run repeats the call. */
  async #giveUp({ messageId, turn }: ThoughtTurn): Promise<ThinkOutcome> {
    const { signal, journal, run } = this.#start;
    const usage = this.#tally.count(turn.counted);
    const isDrained = signal.aborted && (signal.reason as RunStop).kind === "drained";
    if (turn.text !== "" && !(isDrained && run.is_resumable === 1)) {
      const parts = turn.parts.filter(({ type }) => type === "text");
      const { answeredBy } = turn;
      await journal.storeTurn({ messageId, parts, isComplete: false, calls: [], usage, answeredBy });
    } else if (usage) {
      await journal.storeUsage(usage);
    }
    if (signal.aborted) return { kind: "stopped", text: turn.text };
    const error = turn.end.kind === "error" ? turn.end.error : { kind: "unknown" as const, message: "" };
    const refused = findRefused(error, this.#window.unanswered);
    if (refused) await journal.markRefused(refused.messages, refused.refusal);
    return { kind: "failed", error: toRunError(error, turn), text: turn.text };
  }

  /** Sets the text of the run's output. It is empty if the agent chose to stay silent, except in chats. */
  #withLastText(end: RunEnd): RunEnd {
    if (end.status !== "completed") return end;
    const last = this.#window.transcript.findLast(({ role }) => role === "assistant");
    const output = end.output === "" ? textOf(last?.parts ?? []) : end.output;
    return { ...end, output: this.#start.run.kind !== "chat" && isSilentReply(output) ? "" : output };
  }
}

const toTracedRun = (run: RunRow, { forgetsText }: RunOptions): TracedRun => ({
  id: run.id,
  traceId: run.trace_id,
  context: traceContextOf(run),
  isPassedOn: run.trace_parent !== null,
  keepsText: forgetsText !== true,
});

/** The introduction of deferred tools is the same for all runs with these tools, so providers can cache it. */
const introduce = ({ introduction }: RunTools): readonly PromptSection[] =>
  introduction === ""
    ? []
    : [{ name: "deferred-tools", text: introduction, place: "stable", maxChars: introduction.length }];

function toOutcome({ mustAnswer, hasUnusableCalls }: Guidance): ActOutcome {
  return hasUnusableCalls ? { kind: "unusable_calls" } : { kind: mustAnswer ? "answer" : "act" };
}
