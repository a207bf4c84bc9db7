import type { RunEvent } from "#client/index.ts";

export interface CallState {
  readonly id: string;
  readonly name: string;
  /** JSON, as the model wrote it. */
  readonly arguments: string;
  /** True if the caller of the run does the work. */
  readonly isClient: boolean;
  /** Absent while the tool works. */
  readonly result?: { readonly text: string; readonly isError: boolean };
  readonly progress?: { readonly done: number; readonly total?: number; readonly message?: string };
}

/** A message of the model, with the calls that follow it. */
export interface TurnState {
  readonly messageId: string;
  readonly text: string;
  readonly reasoning: string;
  readonly isComplete: boolean;
  readonly calls: readonly CallState[];
}

export type RunEnd =
  | Extract<RunEvent, { type: "run.completed" }>
  | Extract<RunEvent, { type: "run.failed" }>
  | Extract<RunEvent, { type: "run.cancelled" }>;

/** What a run has done so far, as its events tell it. */
export interface RunState {
  readonly phase: "queued" | "running" | "ended";
  /** How often it began. More than once means that a process died, or a fault made it begin again. */
  readonly attempt: number;
  readonly turns: readonly TurnState[];
  readonly end?: RunEnd;
}

export const EMPTY_RUN: RunState = { phase: "queued", attempt: 1, turns: [] };

/** Applies events to the state of a run. What they leave alone stays the same object. */
export function applyEvents(state: RunState, events: readonly RunEvent[]): RunState {
  return events.reduce(applyEvent, state);
}

function applyEvent(state: RunState, event: RunEvent): RunState {
  switch (event.type) {
    case "run.queued":
      return state;
    case "run.started":
      return { ...state, phase: "running", attempt: event.attempt };
    case "message.started":
      return changeTurn(state, event.messageId, (turn) => turn);
    case "message.reset":
      return { ...state, turns: state.turns.filter(({ messageId }) => messageId !== event.messageId) };
    case "text.delta":
      return changeTurn(state, event.messageId, (turn) => ({
        ...turn,
        text: turn.text.slice(0, event.offset) + event.text,
      }));
    case "reasoning.delta":
      return changeTurn(state, event.messageId, (turn) => ({
        ...turn,
        reasoning: turn.reasoning.slice(0, event.offset) + event.text,
      }));
    case "message.completed":
      return applyMessage(state, event.message);
    case "tool.call": {
      const { callId: id, name, isClient } = event;
      return changeCall(state, id, { id, name, arguments: event.arguments, isClient });
    }
    case "tool.progress":
      return changeCall(state, event.callId, {
        progress: {
          done: event.progress,
          ...(event.total !== undefined && { total: event.total }),
          ...(event.message !== undefined && { message: event.message }),
        },
      });
    case "tool.result":
      return changeCall(state, event.callId, { result: { text: event.text, isError: event.isError } });
    case "run.completed":
    case "run.failed":
    case "run.cancelled":
      return { ...state, phase: "ended", end: event };
  }
}

/** The stored message says in full what its deltas said. */
function applyMessage(state: RunState, { id, role, parts }: StoredMessage): RunState {
  if (role !== "assistant") return state;
  const join = (type: "text" | "reasoning") =>
    parts.map((part) => (part.type === type && "text" in part ? part.text : "")).join("");
  return changeTurn(state, id, (turn) => ({
    ...turn,
    text: join("text"),
    reasoning: join("reasoning"),
    isComplete: true,
  }));
}

type StoredMessage = Extract<RunEvent, { type: "message.completed" }>["message"];

function changeTurn(state: RunState, messageId: string, change: (turn: TurnState) => TurnState): RunState {
  const index = state.turns.findLastIndex((turn) => turn.messageId === messageId);
  const turn = state.turns[index];
  if (turn) return { ...state, turns: state.turns.with(index, change(turn)) };
  const begun = { messageId, text: "", reasoning: "", isComplete: false, calls: [] };
  return { ...state, phase: "running", turns: [...state.turns, change(begun)] };
}

/** Changes a call. One that is new belongs to the latest message. */
function changeCall(state: RunState, id: string, change: Partial<CallState>): RunState {
  const known = state.turns.findLastIndex(({ calls }) => calls.some((call) => call.id === id));
  const index = known === -1 ? state.turns.length - 1 : known;
  const turn = state.turns[index];
  if (!turn) return state;
  const isKnown = known !== -1;
  const calls = isKnown
    ? turn.calls.map((call) => (call.id === id ? { ...call, ...change } : call))
    : [...turn.calls, { id, name: "", arguments: "", isClient: false, ...change }];
  return { ...state, turns: state.turns.with(index, { ...turn, calls }) };
}
