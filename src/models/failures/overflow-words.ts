interface OverflowWords {
  /** The servers that say this. */
  readonly by: string;
  readonly words: RegExp;
}

/**
 * How servers say that a conversation is longer than the model can read. Every pattern names the input, because an
 * output-token limit, a rate limit or the length of another field is no overflow.
 */
const OVERFLOW_WORDS: readonly OverflowWords[] = [
  { by: "OpenAI, Azure, Groq, Cerebras, DeepSeek", words: /context[_ ]length[_ ]exceeded|maximum context length/i },
  { by: "OpenAI", words: /exceeds? (?:the |this )?(?:model'?s )?context (?:window|limit|length)/i },
  { by: "OpenAI", words: /input tokens exceed|messages?(?:\[|\.)\d+\]?[^:]{0,40}: string too long/i },
  { by: "Groq, Cerebras, vLLM", words: /reduce the length of (?:the|your) (?:input |prompt |messages)/i },
  { by: "Groq, for a request above the limit of a minute", words: /reduce your message size/i },
  { by: "Anthropic, Bedrock, Fireworks, AI21", words: /prompt (?:is )?too long|request_too_large/i },
  { by: "Anthropic", words: /input length and .{0,16}max_tokens.{0,16} exceed/i },
  { by: "Anthropic, Z.ai", words: /model_context_window_exceeded|context_window_exceeded/i },
  { by: "Bedrock, Replicate", words: /input is too long|too many input tokens|expected maxLength: \d+, actual: \d+/i },
  { by: "Google", words: /input token count[^"]{0,60}(?:exceeds|but (?:the )?model only supports)/i },
  { by: "xAI", words: /maximum prompt length/i },
  { by: "Together, SGLang", words: /is longer than the model'?s? (?:maximum )?(?:context|model) length/i },
  { by: "SGLang, Poolside on OpenRouter", words: /input length .{0,24}exceeds the maximum/i },
  { by: "vLLM", words: /longer than the maximum model length|model'?s context length is only/i },
  { by: "TGI", words: /inputs?\W{1,4}(?:tokens \+ \W{0,2}max_new_tokens|must have less than \d+ tokens)/i },
  { by: "llama.cpp, LocalAI", words: /available context size|exceed_context_size|context size has been exceeded/i },
  { by: "LM Studio", words: /context the overflows|context length of only|greater than the context length/i },
  { by: "LM Studio", words: /reached context length|mid-generation context overflow|reached its context length/i },
  { by: "Ollama", words: /exceeded max context length|exceeds (?:the )?(?:maximum )?context length/i },
  { by: "LiteLLM", words: /ContextWindowExceeded/ },
  { by: "Mistral", words: /too large for model with \d+ maximum|"code"\s*:\s*"?3051\b/i },
  { by: "Cohere and others", words: /too many tokens(?![^"]{0,40}(?:\bwait|\bper\b|\brate\b|minute))/i },
  { by: "Perplexity", words: /length of all messages is too long/i },
  { by: "Z.ai", words: /prompt exceeds max length|tokens in request more than max tokens|"code"\s*:\s*"?1261\b/i },
  { by: "DashScope, Bailian", words: /range of input length should be/i },
  { by: "MiniMax", words: /context window exceeds/i },
  { by: "Moonshot", words: /model token limit|input token length too long|total message size \d+ exceeds/i },
  { by: "BytePlus", words: /exceed max message tokens/i },
  { by: "GitHub Copilot", words: /prompt token count of \d+ exceeds/i },
  { by: "watsonx", words: /input tokens \d+ cannot exceed/i },
  {
    by: "a router",
    words: /prompt exceeds (?:the )?(?:model|maximum|max|context|length)|exceeds the maximum number of tokens/i,
  },
  {
    by: "a Chinese provider",
    words: /上下文长度|上下文过长|超(?:出|过)(?:模型)?最大(?:长度|上下文)|输入(?:内容)?过长|输入长度超|tokens超/,
  },
];

/** Returns whether a refusal says that the conversation is too long for the model. */
export const saysOverflow = (text: string): boolean => OVERFLOW_WORDS.some(({ words }) => words.test(text));
