import type { ReplyFunction, ReplyToolCall } from "#testing/model-server/model-reply.ts";

/** The kinds of planned tool calls. `read` and `replace` may be repeated, `append` may not. */
export type PlannedCall = "read" | "replace" | "append";

/** The plan in a user's message: the tool calls of each turn, then an answer of `words` words. */
export interface TurnPlan {
  readonly id: string;
  readonly steps: readonly (readonly PlannedCall[])[];
  readonly words: number;
}

export const toPrompt = (plan: TurnPlan): string => JSON.stringify(plan);

/** Returns the file to which the `append` calls of one message add a line each. */
export const lineFileOf = (id: string) => `runs/${id}.log`;

/** Returns the number at the start of a model reply. The reply's usage reports it as input tokens. */
export const replyNumberOf = (text: string) => Number(/^#(\d+) /.exec(text)?.[1]);

const CHUNK_DELAY_MS = 4;

/**
 * Creates a model that follows the plan in the last user message, continuing from the current transcript. All replies
 * differ, so that anything stored or done twice is visible.
 */
export function createPlannedModel(): ReplyFunction {
  let replies = 0;
  return ({ messages, lastUserText }) => {
    const plan = JSON.parse(lastUserText) as TurnPlan;
    const lastUser = messages.findLastIndex(({ role }) => role === "user");
    const turnsMade = messages.slice(lastUser).filter(({ role }) => role === "assistant").length;
    const number = ++replies;
    const usage = { input: number, output: 1 };
    const calls = plan.steps[turnsMade];
    if (calls) {
      const toolCalls = calls.map((call, index) => toToolCall(call, plan.id, `${number}.${index}`));
      return { text: [`#${number} `, "one ", "moment"], toolCalls, usage, chunkDelayMs: CHUNK_DELAY_MS };
    }
    const words = Array.from({ length: plan.words }, (_, index) => `ω${index} `);
    return { text: [`#${number} `, ...words, `end of ${plan.id}`], usage, chunkDelayMs: CHUNK_DELAY_MS };
  };
}

function toToolCall(call: PlannedCall, id: string, mark: string): ReplyToolCall {
  switch (call) {
    case "read":
      return { name: "datetime", arguments: { timezone: "Asia/Ho_Chi_Minh" } };
    case "replace":
      return { name: "write_file", arguments: { path: `runs/${id}.txt`, content: mark } };
    case "append":
      return { name: "write_file", arguments: { path: lineFileOf(id), content: `${mark}\n`, append: true } };
  }
}
