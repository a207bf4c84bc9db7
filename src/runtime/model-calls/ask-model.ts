import type { ModelFile, ModelRequest, ModelText } from "#models/language-model.ts";
import { callModel, type ModelCaller, type ModelCallServices } from "#runtime/model-calls/call-model.ts";
import type { ModelTurn } from "#runtime/model-calls/stream-turn.ts";
import type { UsageRecord } from "#runtime/runs/index.ts";

/** One question, with the instructions and settings for its answer. */
export interface Question {
  readonly instructions: string;
  /** The question, as texts that are one when they are joined. */
  readonly texts: readonly string[];
  readonly files?: readonly ModelFile[];
  readonly settings: ModelRequest["settings"];
}

/** The answer to a question, with the usage of all calls that were made for it. Failed calls count too. */
export interface Answer extends Pick<ModelTurn, "text" | "end"> {
  readonly usage: readonly UsageRecord[];
}

/**
 * Asks the agent's own model, or its fallbacks, a question outside the conversation. Nothing is streamed to a client. A
 * model that fails is an outcome, so it never makes this throw.
 */
export async function askModel(
  services: ModelCallServices,
  caller: ModelCaller,
  { instructions, texts, files = [], settings }: Question,
  signal: AbortSignal,
): Promise<Answer> {
  const request: ModelRequest = {
    model: caller.agent.model,
    messages: [
      { role: "system", text: instructions },
      { role: "user", parts: [...texts.map(toPart), ...files] },
    ],
    tools: [],
    settings,
  };
  const turn = await callModel(services, caller, request, SILENT, signal);
  return { text: turn.text, end: turn.end, usage: [...turn.wasted, ...(turn.counted ? [turn.counted] : [])] };
}

const toPart = (text: string): ModelText => ({ type: "text", text });

const SILENT = { text: () => {}, reasoning: () => {} };
