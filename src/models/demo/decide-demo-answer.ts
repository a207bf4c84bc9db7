import { recordOf } from "#base/json.ts";
import { headOf } from "#base/texts/cut-text.ts";
import { findRequestedCalls } from "#models/demo/find-requested-calls.ts";
import { minimalInstance } from "#models/demo/minimal-instance.ts";
import type { ModelRequest, ModelTool } from "#models/language-model.ts";

export interface DemoCall {
  readonly name: string;
  readonly arguments: string;
}

export type DemoAnswer =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "calls"; readonly calls: readonly DemoCall[] };

const GIST_CHARS = 200;
/** More than the properties that any tool has. */
const MANY = 1_000;

/**
 * Decides the demo model's answer: tool calls if wanted, else a document in the requested format, else a few sentences.
 */
export function decideDemoAnswer(request: ModelRequest): DemoAnswer {
  const last = request.messages.at(-1);
  const isAfterTools = last?.role === "tool";
  const calls = isAfterTools ? [] : wantedCalls(request);
  if (calls.length > 0) return { kind: "calls", calls };

  const format = request.responseFormat;
  if (format?.type === "json_schema") return { kind: "text", text: JSON.stringify(minimalInstance(format.schema)) };
  if (format?.type === "json") return { kind: "text", text: JSON.stringify({ answer: gistOf(request) }) };
  if (isAfterTools) return { kind: "text", text: last.results.map(({ text }) => text).join("\n") };
  return { kind: "text", text: introduce(request) };
}

function wantedCalls({ toolChoice = "auto", tools, messages }: ModelRequest): readonly DemoCall[] {
  if (toolChoice === "none") return [];
  const userText = lastUserText(messages);
  const requested = findRequestedCalls(userText, tools);
  if (toolChoice === "auto") return requested;
  if (toolChoice === "required") return requested.length > 0 ? requested : tools.slice(0, 1).map(toMinimalCall);
  const chosen = requested.filter(({ name }) => name === toolChoice.name);
  return chosen.length > 0 ? chosen : tools.filter(({ name }) => name === toolChoice.name).map(toMinimalCall);
}

const toMinimalCall = ({ name, parameters }: ModelTool): DemoCall => ({
  name,
  arguments: JSON.stringify(minimalInstance(parameters)),
});

function introduce(request: ModelRequest): string {
  const gist = gistOf(request);
  const tool = simplestTool(request.tools)?.name;
  return [
    gist === "" ? "Hello!" : `You said: "${gist}".`,
    "I am the built-in demo model: I work offline and only show that everything runs.",
    "For real answers, set ANTHROPIC_API_KEY or OPENAI_API_KEY before the first start,",
    "or add a provider with POST /v1/providers and give it to this agent.",
    ...(tool === undefined ? [] : [`To see a tool at work, write: call ${tool}`]),
  ].join(" ");
}

function gistOf({ messages }: ModelRequest): string {
  const text = lastUserText(messages).trim().replace(/\s+/g, " ");
  return text.length > GIST_CHARS ? `${headOf(text, GIST_CHARS)}…` : text;
}

function lastUserText(messages: ModelRequest["messages"]): string {
  const message = messages.findLast(({ role }) => role === "user");
  if (message?.role !== "user") return "";
  return message.parts.map((part) => (part.type === "text" ? part.text : "")).join("\n");
}

/** Returns the tool that most likely works without arguments. */
function simplestTool(tools: readonly ModelTool[]): ModelTool | undefined {
  const difficulty = ({ parameters: { required, properties } }: ModelTool): number =>
    Object.keys(recordOf(properties)).length + (Array.isArray(required) ? required.length * MANY : 0);
  return tools.toSorted((one, other) => difficulty(one) - difficulty(other))[0];
}
