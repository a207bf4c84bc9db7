type RequestBody = Readonly<Record<string, unknown>>;

const REASONING_MODEL = /^(?:gpt-5|o[134])/;
const WITHOUT_SAMPLING = /^(?:o[134]|gpt-5-(?:mini|nano))/;

/** What OpenAI itself wants otherwise than the servers that copy its format. */
export function toNativeOpenAiBody(body: RequestBody): Record<string, unknown> {
  const model = String(body.model);
  const { max_tokens, temperature, top_p, ...rest } = body;
  return {
    ...rest,
    messages: withoutReasoning(body.messages),
    ...(max_tokens !== undefined && {
      [REASONING_MODEL.test(model) ? "max_completion_tokens" : "max_tokens"]: max_tokens,
    }),
    ...(!WITHOUT_SAMPLING.test(model) && { temperature, top_p }),
  };
}

/** OpenAI refuses the field that others need to see their reasoning again. */
function withoutReasoning(messages: unknown): unknown {
  if (!Array.isArray(messages)) return messages;
  return messages.map(({ reasoning_content: _, ...message }) => message);
}
