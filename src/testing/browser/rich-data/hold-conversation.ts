import { MINUTE, SECOND } from "#base/clock.ts";
import type { RichAgent } from "#testing/browser/rich-data/add-agents.ts";
import type { RichMaker } from "#testing/browser/rich-data/rich-maker.ts";
import type { ModelReply, ReplyUsage } from "#testing/model-server/model-reply.ts";

/** A reply of the model, and how long it took. */
export interface Step extends ModelReply {
  /** By default, what the length of the answer takes. */
  readonly seconds?: number;
}

/** A message of a person and what the model does about it. */
export interface Turn {
  readonly says: string;
  /** Ids of uploads. */
  readonly attachments?: readonly string[];
  readonly steps: readonly Step[];
}

export interface Conversation {
  /** The last part of the session's key. */
  readonly name: string;
  readonly agent: RichAgent;
  /** By default, ada. */
  readonly user?: string;
  readonly title: string;
  readonly turns: readonly Turn[];
}

/** Returns a reply that is only text. */
export const answer = (text: string, more: Step = {}): Step => ({ text, ...more });

/** Returns a reply that calls a tool. */
export const useTool = (name: string, args: object, more: Step = {}): Step => ({
  toolCalls: [{ name, arguments: args }],
  ...more,
});

/** Returns a turn in which the model answers at once. */
export const chat = (says: string, text: string, more: Step = {}): Turn => ({ says, steps: [answer(text, more)] });

/** Returns the key of a conversation's session. */
export const sessionKeyOf = ({ agent, name }: Pick<Conversation, "agent" | "name">): string => `agent:${agent}:${name}`;

/** Lets the model say the steps of a turn next, each after the time that it takes. */
export function prepareSteps({ gateway, clock }: RichMaker, { says, steps }: Turn): void {
  for (const [index, { seconds, ...reply }] of steps.entries()) {
    const usage = usageOf(says, reply, index);
    gateway.model.enqueue(() => {
      clock.pass((seconds ?? 1.2 + usage.output / 80) * SECOND);
      return { usage, ...reply };
    });
  }
}

/** Holds a conversation to its end. Returns the runs. */
export async function holdConversation(maker: RichMaker, conversation: Conversation): Promise<readonly string[]> {
  const { agent, user = "ada", title, turns } = conversation;
  const session_key = sessionKeyOf(conversation);
  const ids: string[] = [];
  for (const turn of turns) {
    prepareSteps(maker, turn);
    const { says: input, attachments } = turn;
    const body = { input, session_key, ...(attachments && { attachments }) };
    const { id } = await maker.send("POST", `/v1/agents/${agent}/runs`, body, { user });
    const { status, output } = await maker.gateway.waitForEnd(id);
    const { text, status: refusal } = turn.steps.at(-1) ?? {};
    const isAsPlanned = refusal === undefined ? beginningOf(output) === beginningOf(text) : status === "failed";
    if (!isAsPlanned) throw new Error(`a run of ${session_key} ended as ${status}: ${output}`);
    ids.push(id);
    maker.clock.pass(1.5 * MINUTE);
  }
  await maker.send("PATCH", `/v1/sessions/${encodeURIComponent(session_key)}`, { label: title }, { user });
  return ids;
}

/** Enough of an answer to know it by. */
const beginningOf = (text: unknown): string => String(text).slice(0, 60);

/** Believable numbers that are the same each time. */
function usageOf(says: string, { text = "", reasoning = "", toolCalls = [] }: ModelReply, index: number): ReplyUsage {
  const said = [text, reasoning].flat().join("").length + JSON.stringify(toolCalls).length;
  const input = 1_850 + ((says.length * 137) % 6_200) + index * 940;
  const thought = Math.ceil([reasoning].flat().join("").length / 3);
  return {
    input,
    output: 30 + Math.ceil(said / 3),
    cacheRead: index === 0 ? 0 : Math.floor(input * 0.6),
    ...(thought > 0 && { reasoning: thought }),
  };
}
