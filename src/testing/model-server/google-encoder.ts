import type { ReplyUsage } from "#testing/model-server/model-reply.ts";
import type { EncodedCall, Finish, WireEncoder, WireUsage } from "#testing/model-server/wire-encoder.ts";

const FINISH_REASONS: Readonly<Record<Finish, string>> = {
  stop: "STOP",
  length: "MAX_TOKENS",
  tool_calls: "STOP",
  content_filter: "SAFETY",
};

export function createGoogleEncoder(id: string, model: string): WireEncoder {
  const base = { responseId: id, modelVersion: model };
  const line = (value: unknown) => `data: ${JSON.stringify(value)}\r\n\r\n`;
  const content = (part: object) => ({ role: "model", parts: [part] });
  let usageMetadata: object | undefined;
  const chunk = (part: object) => line({ ...base, candidates: [{ content: content(part), index: 0 }], usageMetadata });

  return {
    start(usage) {
      if (usage) usageMetadata = { promptTokenCount: usage.input, totalTokenCount: usage.input };
      return "";
    },
    text: (text) => chunk({ text }),
    reasoning: (text) => chunk({ text, thought: true }),
    toolCall: (call) => chunk(toFunctionCall(call)),
    finish(finish, usages) {
      const candidates = [{ content: content({ text: "" }), finishReason: FINISH_REASONS[finish], index: 0 }];
      const reported = usages.length === 0 ? [undefined] : usages.map(rawUsage);
      return reported.map((reports) => line({ ...base, candidates, usageMetadata: reports })).join("");
    },
    end: () => "",
    whole({ text, reasoning, calls, finish, usage }) {
      const parts = [
        ...(reasoning === "" ? [] : [{ text: reasoning, thought: true }]),
        ...(text === "" ? [] : [{ text }]),
        ...calls.map(toFunctionCall),
      ];
      const candidates = [{ content: { role: "model", parts }, finishReason: FINISH_REASONS[finish], index: 0 }];
      return { ...base, candidates, ...(usage !== null && { usageMetadata: toUsage(usage) }) };
    },
    error: (status, message) => ({ error: { code: status, message, status: `STATUS_${status}` } }),
  };
}

const toFunctionCall = ({ id, name, arguments: text }: EncodedCall) => ({
  functionCall: { id, name, args: text === "" ? {} : JSON.parse(text) },
  thoughtSignature: "signed",
});

const rawUsage = (usage: WireUsage): unknown => ("raw" in usage ? usage.raw : toUsage(usage.counts));

/** Google's output count excludes thoughts. */
const toUsage = ({ input, output, cacheRead = 0, reasoning = 0 }: ReplyUsage) => ({
  promptTokenCount: input,
  candidatesTokenCount: output - reasoning,
  thoughtsTokenCount: reasoning,
  cachedContentTokenCount: cacheRead,
  totalTokenCount: input + output,
});
