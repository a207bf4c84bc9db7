import type { ReplyUsage } from "#testing/model-server/model-reply.ts";
import type { Finish, WireEncoder, WireUsage } from "#testing/model-server/wire-encoder.ts";

const STOP_REASONS: Readonly<Record<Finish, string>> = {
  stop: "end_turn",
  length: "max_tokens",
  tool_calls: "tool_use",
  content_filter: "refusal",
};

const NO_USAGE: ReplyUsage = { input: 0, output: 0 };

export function createAnthropicEncoder(id: string, model: string): WireEncoder {
  const base = { id: `msg_${id}`, type: "message", role: "assistant", model, stop_sequence: null };
  let index = -1;
  let open: "text" | "thinking" | undefined;

  const event = (value: { readonly type: string; readonly [key: string]: unknown }) =>
    `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
  const delta = (value: object) => event({ type: "content_block_delta", index, delta: value });
  const begin = (block: object) => {
    index++;
    return event({ type: "content_block_start", index, content_block: block });
  };
  const end = () => event({ type: "content_block_stop", index });

  function closeOpen(): string {
    if (open === undefined) return "";
    const signature = open === "thinking" ? delta({ type: "signature_delta", signature: "signed" }) : "";
    open = undefined;
    return signature + end();
  }

  function within(block: "text" | "thinking", piece: string): string {
    const opening = open === block ? "" : closeOpen() + begin({ type: block, [block]: "" });
    open = block;
    return opening + delta({ type: `${block}_delta`, [block]: piece });
  }

  return {
    start(counts) {
      const usage = toUsage(counts === null ? NO_USAGE : { ...counts, output: Math.min(counts.output, 1) });
      return event({ type: "message_start", message: { ...base, content: [], stop_reason: null, usage } });
    },
    text: (piece) => within("text", piece),
    reasoning: (piece) => within("thinking", piece),
    toolCall({ id: callId, name, arguments: text }) {
      const half = Math.ceil(text.length / 2);
      const pieces = [text.slice(0, half), text.slice(half)];
      const opening = closeOpen() + begin({ type: "tool_use", id: callId, name, input: {} });
      const deltas = pieces.map((partial_json) => delta({ type: "input_json_delta", partial_json }));
      return opening + deltas.join("") + end();
    },
    finish(finish, usages) {
      const stop = { stop_reason: STOP_REASONS[finish], stop_sequence: null };
      const reported = usages.length === 0 ? [{ output_tokens: 0 }] : usages.map(rawUsage);
      return closeOpen() + reported.map((usage) => event({ type: "message_delta", delta: stop, usage })).join("");
    },
    end: () => event({ type: "message_stop" }),
    whole: ({ text, reasoning, calls, finish, usage }) => ({
      ...base,
      content: [
        ...(reasoning === "" ? [] : [{ type: "thinking", thinking: reasoning, signature: "signed" }]),
        ...(text === "" ? [] : [{ type: "text", text }]),
        ...calls.map((call) => ({ type: "tool_use", id: call.id, name: call.name, input: JSON.parse(call.arguments) })),
      ],
      stop_reason: STOP_REASONS[finish],
      usage: toUsage(usage ?? NO_USAGE),
    }),
    error: (status, message) => ({ type: "error", error: { type: `status_${status}`, message } }),
  };
}

const rawUsage = (usage: WireUsage): unknown => ("raw" in usage ? usage.raw : toUsage(usage.counts));

/** Anthropic's input count excludes cached input. */
const toUsage = ({ input, output, cacheRead = 0 }: ReplyUsage) => ({
  input_tokens: input - cacheRead,
  output_tokens: output,
  cache_read_input_tokens: cacheRead,
  cache_creation_input_tokens: 0,
});
