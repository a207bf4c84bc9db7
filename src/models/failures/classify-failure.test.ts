import { describe, expect, test } from "bun:test";
import { classifyFailure } from "#models/failures/classify-failure.ts";
import type { ModelErrorKind } from "#models/language-model.ts";

/** Messages as the servers sent them, with their status. Undefined: inside a stream. */
const MESSAGES: Readonly<Partial<Record<ModelErrorKind, readonly (readonly [string, number | undefined, string])[]>>> =
  {
    tools_unsupported: [
      ["Ollama", 400, "registry.ollama.ai/library/gemma3:4b does not support tools"],
      ["OpenRouter", 404, 'No endpoints found that support tool use. Try disabling "get_time".'],
      ["Groq", 400, "`tool calling` is not supported with this model"],
      ["OpenAI", 400, "tools is not supported in this model. For a list of supported models, refer to"],
      ["OpenAI's parameter", 400, "Unsupported parameter: 'tools' is not supported with this model."],
      ["Azure", 400, "Functions are not supported for this API version or this model version."],
      ["Mistral", 400, "Function calling is not enabled for this model"],
      ["Gemini", 400, "Function calling is not enabled for models/gemma-3-27b-it"],
      ["DeepSeek", 400, "deepseek-reasoner does not support Function Calling"],
      ["DeepInfra", 405, "Tool calling is not supported for model: NousResearch/Hermes-3-Llama-3.1-70B"],
      ["Bedrock", 400, "This model doesn't support tool use in streaming mode."],
      ["LiteLLM", 400, "UnsupportedParamsError: together_ai does not support parameters: ['tools'], for model=m"],
    ],
    tools_disabled: [
      ["vLLM", 400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'],
      ["llama.cpp", 500, "tools param requires --jinja flag"],
      ["an old llama.cpp", 500, "Unsupported param: tools"],
    ],
    input_unsupported: [
      ["OpenRouter", 404, "No endpoints found that support image input"],
      ["OpenRouter for sound", 404, "No endpoints found that support input audio"],
      ["OpenAI", 400, "Invalid content type. image_url is only supported by certain models."],
      [
        "DeepSeek",
        400,
        "Failed to deserialize the JSON body: messages[0]: unknown variant `image_url`, expected `text`",
      ],
      ["vLLM", 400, "test-model is not a multimodal model"],
      ["vLLM's limit", 400, "At most 1 image(s) may be provided in one prompt."],
      [
        "llama.cpp",
        500,
        "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj",
      ],
      ["Mistral", 400, "Image input is not enabled for this model"],
      ["Groq", 400, "messages[0].content must be a string"],
      ["Cerebras", 400, "Content type 'image_url' is not supported by this model"],
      ["Anthropic", 400, "messages.0.content.1.image.source.base64: image exceeds 5 MB maximum"],
      ["Anthropic's count", 413, "Too many images and documents: 120 + 0 > 100"],
      ["Moonshot", 400, "model does not support image input"],
    ],
    model_denied: [
      ["OpenAI", 403, "Project `p` does not have access to model `m`"],
      ["LiteLLM", 401, "key not allowed to access model. This key can only access models=['other']"],
      ["Bedrock", 403, "You don't have access to the model with the specified model ID."],
      ["DashScope", 403, "Model.AccessDenied: Model access denied."],
      ["BytePlus", 404, "Your account has not activated the model seed. (ModelNotOpen)"],
      ["OpenAI's check", 404, "Your organization must be verified to use the model `o3`."],
      ["OpenRouter", 404, "No endpoints found matching your data policy (Free model publication)."],
      ["Ollama's cloud", 403, "this model requires a subscription, upgrade for access"],
      ["Groq", 403, "The model is blocked at the organization level (model_permission_blocked_org)"],
    ],
    model_retired: [
      ["Groq", 400, "The model `gemma-7b-it` has been decommissioned and is no longer supported."],
      ["OpenAI", 404, "The model `text-davinci-003` has been deprecated, learn more here"],
      ["Cohere", 404, "model 'command' was removed on September 15, 2025."],
      ["Gemini", 404, "This model models/gemini-2.5-pro-preview is no longer available."],
      ["anybody", 410, "Gone"],
    ],
    model_not_loaded: [
      ["Ollama", 404, 'model "llama9" not found, try pulling it first'],
      ["LM Studio", 404, "No models loaded. Please load a model in the developer page or use the 'lms load' command."],
      ["LM Studio's memory", 400, 'Failed to load model "m". Error: insufficient system resources'],
    ],
    model_not_found: [
      ["OpenAI", 404, "The model `gpt-9` does not exist or you do not have access to it."],
      ["OpenRouter", 404, "No endpoints found for maker/model."],
      ["LM Studio", 400, 'Invalid model identifier "m".'],
      ["Z.ai", 400, "模型不存在，请检查模型代码。"],
      ["Hugging Face", 400, "The requested model 'm' is not supported by any provider you have enabled."],
      ["Bedrock", 400, "The provided model identifier is invalid."],
      ["Together", 400, "Unable to access non-serverless model m. Please start a new dedicated endpoint."],
      ["New API", 503, "No available channel for model gpt-9 under group default"],
      ["New API in Chinese", 503, "当前分组 default 下对于模型 gpt-9 无可用渠道"],
    ],
    wrong_path: [
      ["OpenAI", 404, "Invalid URL (POST /chat/completions)"],
      ["LM Studio", undefined, "Unexpected endpoint or method. (POST /chat/completions)"],
      ["Groq", 404, "Unknown request URL: POST /openai/chat/completion. Please check the URL for typos"],
      ["llama.cpp", 404, "File Not Found"],
    ],
    invalid_request: [
      ["OpenRouter's tool choice", 404, "No endpoints found that support the provided 'tool_choice' value"],
      ["OpenRouter's parameters", 404, "No endpoints found that can handle the requested parameters."],
      ["a chat template", 500, "Jinja Exception: System message must be at the beginning"],
      ["a parameter", 400, "`parallel_tool_calls` is not supported with this model"],
      ["parallel calls", 400, "Parallel tool calls are not supported"],
      ["a forced tool", 400, "tool_choice 'required' is not supported"],
    ],
    auth: [
      ["OpenAI", 401, "Incorrect API key provided"],
      ["Gemini", 400, "API key not valid. Please pass a valid API key."],
      ["xAI", 400, "Incorrect API key provided: ab***yz."],
      ["MiniMax", undefined, "invalid api key"],
      ["OpenAI's closed account", 401, "Your access was terminated due to violation of our usage policies"],
      ["Anthropic", 403, "Your API key does not have permission to use the specified resource."],
    ],
    content_policy: [
      ["xAI", 403, "Content violates usage guidelines. Team: t, API key ID: k, Failed check: SAFETY_CHECK_TYPE_BIO"],
      ["OpenRouter", 403, 'maker/model requires moderation. Your input was flagged for "violence".'],
      ["OpenAI", 400, "Invalid prompt: your prompt was flagged as potentially violating our usage policy."],
      ["DeepSeek", 400, "Content Exists Risk"],
      ["Z.ai", 400, "系统检测到输入或生成内容可能包含不安全或敏感内容"],
      ["MiniMax", undefined, "input new_sensitive"],
    ],
    billing: [
      ["Anthropic", 400, "You have reached your specified API usage limits. You will regain access on 2026-12-01."],
      ["xAI", 403, "Your team has either used all available credits or reached its monthly spending limit."],
      ["Moonshot", 429, "exceeded_current_quota_error: your account is suspended, please check your plan"],
      ["Z.ai", 429, "Insufficient balance or no resource package. Please recharge."],
    ],
    rate_limit: [
      ["Gemini", 429, "You exceeded your current quota, please check your plan and billing details."],
      ["a limit of images", 429, "too many images per minute: image input is not supported in this tier"],
    ],
  };

describe.each(Object.entries(MESSAGES))("a refusal has the kind %s", (kind, messages) => {
  test.each(messages)("in the words of %s", (_, status, message) => {
    expect(classifyFailure(status, JSON.stringify({ error: { message } }))).toBe(kind as ModelErrorKind);
  });
});

describe("an answer of 404", () => {
  test.each([
    ["a web page", "<!doctype html><p>This model page was not found</p>"],
    ["nothing", ""],
    ["plain text", "404 page not found"],
    ["FastAPI's document", '{"detail":"Not Found"}'],
    ["Spring's document", '{"timestamp":1,"status":404,"error":"Not Found","path":"/chat/completions"}'],
  ])("with %s comes from a wrong path", (_, body) => {
    expect(classifyFailure(404, body)).toBe("wrong_path");
  });

  test("with a message about a model comes from an API", () => {
    const body = '{"object":"error","message":"The model `m` does not exist.","type":"NotFoundError","code":404}';
    expect(classifyFailure(404, body)).toBe("model_not_found");
  });
});

test("a web page of 403 comes from a firewall, which refused only this request", () => {
  expect(classifyFailure(403, "<html>Attention required</html>")).toBe("invalid_request");
});
