import type { ModelErrorKind } from "#models/language-model.ts";

interface RefusalWords {
  readonly kind: ModelErrorKind;
  /** Servers that say this. */
  readonly by: string;
  readonly words: RegExp;
}

const MEDIA = "(?:image|vision|audio|video|pdf|multi-?modal)";
const TOOLS = "(?:tools?(?:[ _-](?:use|calls?|calling))?|functions?(?:[ _-]call(?:s|ing)?)?)";
/** Quotes, as they stand in JSON. */
const Q = "[`'\"\\\\]*";

/**
 * How servers say what they refuse, whatever the status. The first match wins. Whoever reads the kind learns how far
 * the refusal reaches: one request, one model or the whole provider.
 */
const REFUSAL_WORDS: readonly RefusalWords[] = [
  { kind: "tools_disabled", by: "vLLM", words: /--enable-auto-tool-choice|--tool-call-parser/i },
  {
    kind: "tools_disabled",
    by: "llama.cpp",
    words: /tools? param requires|requires --jinja|unsupported param: tools/i,
  },
  { kind: "tools_unsupported", by: "OpenRouter", words: /endpoints found that support tool use/i },
  {
    kind: "tools_unsupported",
    by: "Ollama, DeepSeek, Bedrock, BytePlus",
    words: new RegExp(`(?:not|n['’]t) (?:currently )?support (?:the )?${Q}${TOOLS}(?![\\w_-])`, "i"),
  },
  {
    kind: "tools_unsupported",
    by: "Groq, OpenAI, Azure, Mistral, Gemini, DeepInfra, Cohere",
    words: new RegExp(
      `(?<!parallel[ _-])(?<![\\w.])${TOOLS}${Q} (?:is|are) (?:not (?:currently )?(?:supported|enabled|available|allowed)|unsupported)`,
      "i",
    ),
  },
  { kind: "tools_unsupported", by: "LiteLLM", words: /not support parameters: \[[^\]]{0,200}['"]tools['"]/i },
  {
    kind: "input_unsupported",
    by: "OpenRouter, Moonshot, Bedrock",
    words: new RegExp(
      `(?:(?:not|n['’]t) (?:currently )?|endpoints found that )support (?:the |this )?(?:type of |input )?${Q}(?:${MEDIA}|file|document)`,
      "i",
    ),
  },
  {
    kind: "input_unsupported",
    by: "OpenAI, Mistral, Cerebras, llama.cpp",
    words: new RegExp(
      `${MEDIA}s?[\\w \`'"\\\\-]{0,30}(?:not (?:currently )?(?:supported|enabled|available|allowed)|unsupported|only supported by)`,
      "i",
    ),
  },
  { kind: "input_unsupported", by: "DeepSeek", words: /unknown variant \W{0,3}(?:image|input_audio|video|file)/i },
  { kind: "input_unsupported", by: "vLLM", words: /not a multi-?modal model|at most \d+ (?:image|audio|video)/i },
  {
    kind: "input_unsupported",
    by: "Anthropic, OpenAI",
    words:
      /too many (?:images|documents)|image exceeds|image dimensions|could not process (?:the )?image|invalid[_ ]image|unsupported image|image[_ ](?:is )?too[_ ](?:large|small)|image[_ ]parse[_ ]error/i,
  },
  { kind: "input_unsupported", by: "Groq", words: /content must be a string/i },
  { kind: "input_unsupported", by: "Z.ai", words: /messages\.content\.type/i },
  {
    kind: "model_denied",
    by: "OpenAI, Bedrock, LiteLLM",
    words:
      /(?:not|n['’]t) have (?:access|permissions?) to (?:use )?(?:the |this )?model|not (?:allowed|authorized) to (?:access|use|invoke) (?:this |the )?model|model_access_denied|must be verified to use the model/i,
  },
  {
    kind: "model_denied",
    by: "DashScope, Groq, BytePlus",
    words:
      /model\.?[_ ]?access[_ ]?(?:is )?denied|model_permission_blocked|model_terms_required|ModelNotOpen|not activated the model/i,
  },
  {
    kind: "model_denied",
    by: "OpenRouter, Ollama",
    words:
      /endpoints (?:found|available) matching your|no allowed providers|model requires a subscription|model[^"]{0,80}not (?:available|enabled) (?:in|on|for|with) your/i,
  },
  {
    kind: "model_retired",
    by: "Groq, OpenAI, Cohere, Gemini",
    words:
      /model_(?:decommissioned|deprecated|retired)|\bmodel\W[^"]{0,120}(?:has been|is|was) (?:deprecated(?! parameter)|retired|decommissioned|discontinued|sunset|shut down|removed|no longer (?:available|supported|served))/i,
  },
  {
    kind: "model_not_loaded",
    by: "Ollama, LM Studio",
    words:
      /try pulling it|no models? (?:is |are )?(?:currently )?loaded|model[^"]{0,80} (?:is )?not loaded|failed to load model|model unloaded|model loading was stopped/i,
  },
  { kind: "model_not_found", by: "One API", words: /no available channels? for model|无可用渠道/i },
  {
    kind: "wrong_path",
    by: "OpenAI, Groq, LM Studio, llama.cpp, Z.ai, gateways",
    words:
      /invalid url \(|unknown request url|unexpected endpoint or method|file not found|no route matched|404 NOT_FOUND/i,
  },
  { kind: "invalid_request", by: "OpenRouter", words: /endpoints found that (?:support|can handle)/i },
  { kind: "invalid_request", by: "vLLM, llama.cpp", words: /jinja|chat[_ ]template|roles must alternate/i },
];

/** Returns the kind of a refusal by its words. Returns undefined if they say nothing that is known. */
export const findRefusalKind = (text: string): ModelErrorKind | undefined =>
  REFUSAL_WORDS.find(({ words }) => words.test(text))?.kind;
