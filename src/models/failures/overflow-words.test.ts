import { describe, expect, test } from "bun:test";
import { classifyFailure } from "#models/failures/classify-failure.ts";
import { toReportedError } from "#models/failures/to-answer-error.ts";

/** Messages as the servers sent them, with their status. Undefined: inside a stream. */
const TOO_LONG: readonly (readonly [string, number | undefined, string])[] = [
  ["OpenAI", 400, "This model's maximum context length is 131072 tokens. However, you requested 140000 tokens."],
  ["OpenAI's code", 400, "context_length_exceeded"],
  ["OpenAI Responses", 400, "Your input exceeds the context window of this model. Please adjust your input."],
  [
    "OpenAI's limit",
    400,
    "Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 300000.",
  ],
  [
    "OpenAI's text",
    400,
    "Invalid 'messages[1].content': string too long. Expected a string with maximum length 10485760",
  ],
  ["Azure", 400, "Please reduce the length of the messages."],
  ["Groq", 400, "Please reduce the length of the messages or completion."],
  ["Groq's minute", 413, "Request too large for model `m` on tokens per minute (TPM): Limit 6000, Requested 12000"],
  [
    "Cerebras",
    400,
    "Please reduce the length of the messages or completion. Current length is 9000 while limit is 8192",
  ],
  ["Anthropic", 400, "prompt is too long: 213462 tokens > 200000 maximum"],
  ["Anthropic with an answer", 400, "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000"],
  ["Anthropic's size", 413, "Request exceeds the maximum size"],
  ["Anthropic's stream", undefined, "prompt is too long: 213462 tokens > 200000 maximum"],
  ["Bedrock", 400, "Input is too long for requested model."],
  ["Bedrock's Titan", 400, "Too many input tokens. Max input tokens: 8192, request input token count: 9000"],
  ["Bedrock's text", 400, "Malformed input request: expected maxLength: 2375000, actual: 2400000"],
  ["Gemini", 400, "The input token count (1196265) exceeds the maximum number of tokens allowed (1048575)."],
  [
    "Vertex",
    400,
    "Unable to submit request because the input token count is 1200000 but model only supports up to 1048576.",
  ],
  ["xAI", 400, "This model's maximum prompt length is 131072 but the request contains 537812 tokens."],
  ["OpenRouter", 400, "This endpoint's maximum context length is 131072 tokens. However, you requested about 150000."],
  ["Poolside", 400, "Input length 300000 exceeds the maximum allowed input length of 262144 tokens."],
  ["Together", 422, "The input (140000 tokens) is longer than the model's context length (131072 tokens)."],
  ["TGI's input", 422, "Input validation error: `inputs` must have less than 1024 tokens. Given: 2000"],
  ["TGI's sum", 422, "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 `inputs` tokens and 20"],
  ["Fireworks", 400, "The prompt is too long: 140000, model maximum context length: 131071"],
  ["llama.cpp", 400, "request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it"],
  ["llama.cpp in the middle", 500, "Context size has been exceeded."],
  ["LocalAI", 500, "rpc error: code = Internal desc = the request exceeds the available context size"],
  ["vLLM", 400, "The decoder prompt (length 5000) is longer than the maximum model length of 4096."],
  [
    "vLLM's chat",
    400,
    "You passed 5001 input tokens and requested 100. However, the model's context length is only 4096",
  ],
  ["SGLang", 400, "Input length (5000 tokens) exceeds the maximum allowed length (4096 tokens)."],
  ["SGLang's sum", 400, "Requested token count exceeds the model's maximum context length of 32768 tokens."],
  ["LM Studio", 400, "Trying to keep the first 15857 tokens when context the overflows. However, the model is loaded"],
  [
    "LM Studio's prompt",
    400,
    "The number of tokens to keep from the initial prompt is greater than the context length.",
  ],
  ["LM Studio's middle", undefined, "Reached context length of 4096 tokens with model that does not support overflow"],
  ["Ollama", 400, "prompt too long; exceeded max context length by 5 tokens"],
  ["Ollama's input", 400, "the input length exceeds the context length"],
  ["LiteLLM", 400, "litellm.ContextWindowExceededError: litellm.BadRequestError: VertexAIException"],
  ["Mistral", 400, "Prompt contains 140000 tokens and 0 draft tokens, too large for model with 131072 maximum context"],
  ["Cohere", 400, "too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 4292."],
  ["Perplexity", 400, "The total length of all messages is too long."],
  ["Z.ai", 400, "Prompt exceeds max length"],
  ["Z.ai's other", 400, "tokens in request more than max tokens allowed"],
  ["DashScope", 400, "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 129024]"],
  ["MiniMax", undefined, "invalid params, context window exceeds limit (2013)"],
  ["Moonshot", 400, "Invalid request: Your request exceeded model token limit: 262144 (requested: 300000)"],
  ["Moonshot's size", 400, "total message size 3000000 exceeds limit 2097152"],
  ["BytePlus", 400, "Total tokens of image and text exceed max message tokens."],
  ["GitHub Copilot", 400, "prompt token count of 130000 exceeds the limit of 128000"],
  ["watsonx", 400, "the number of input tokens 5000 cannot exceed the total tokens limit 4096 for this model"],
  ["a proxy", 413, "<html><h1>413 Request Entity Too Large</h1></html>"],
  ["a Chinese router", 400, "输入内容过长，超过最大长度"],
];

/** Messages about something else that use the same words. */
const OTHER: readonly (readonly [string, number | undefined, string])[] = [
  [
    "a rate limit",
    429,
    "Rate limit reached on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000. Try in 2s.",
  ],
  ["a rate limit of input", 429, "This request would exceed your rate limit of 40,000 input tokens per minute."],
  ["Bedrock's rate limit", 400, "ThrottlingException: Too many tokens, please wait before trying again."],
  ["a rate limit in a stream", undefined, "rate_limit_error: too many tokens per minute"],
  ["an output limit", 400, "max_tokens is too large: 100000. This model supports at most 16384 completion tokens."],
  ["DashScope's output limit", 400, "Range of max_tokens should be [1, 8192]"],
  ["Anthropic's output limit", 400, "max_tokens: 100000 > 64000, which is the maximum allowed number of output tokens"],
  [
    "a field",
    400,
    "Invalid 'tools[0].function.description': string too long. Expected a string with maximum length 1024",
  ],
  ["too many tools", 400, "Invalid 'tools': array too long. Expected an array with maximum length 128"],
  ["too many images", 400, "Too many images in request: 60 exceeds the limit of 50"],
  ["a large image", 413, "messages.0.content.1.image: image exceeds 5 MB maximum: 6000000 bytes > 5242880 bytes"],
  ["a short input", 400, "the input is too short"],
  ["no input", 400, "messages: at least one message is required"],
  ["a setting", 400, "temperature exceeds the maximum of 2"],
];

describe("a refusal is a context overflow", () => {
  test.each(TOO_LONG)("in the words of %s", (_, status, message) => {
    expect(classifyFailure(status, JSON.stringify({ error: { message } }))).toBe("context_overflow");
  });

  test.each([["1261"], [1261], ["3051"]])("with the code %p", (code) => {
    expect(toReportedError({ code, message: "refused" }).kind).toBe("context_overflow");
  });

  test("in Chinese that the server escaped", () => {
    const body = String.raw`{"error":{"message":"\u8f93\u5165\u8fc7\u957f"}}`;
    expect(classifyFailure(400, body)).toBe("context_overflow");
  });
});

test.each(OTHER)("%s is no context overflow", (_, status, message) => {
  expect(classifyFailure(status, JSON.stringify({ error: { message } }))).not.toBe("context_overflow");
});
