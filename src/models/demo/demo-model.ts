import { setImmediate } from "node:timers/promises";
import { randomHex } from "#base/random-hex.ts";
import { headOf } from "#base/texts/cut-text.ts";
import { type DemoAnswer, decideDemoAnswer } from "#models/demo/decide-demo-answer.ts";
import type { LanguageModel, ModelEvent, ModelMessage, ModelRequest, ModelUsage } from "#models/language-model.ts";

const CHARS_PER_TOKEN = 4;

/** Creates a model that works offline and deterministically, so that users can see the rest of the gateway at work. */
export function createDemoModel(): LanguageModel {
  return {
    async *stream(request, signal) {
      const answer = decideDemoAnswer(request);
      for (const event of toEvents(request, answer)) {
        // Yields to the event loop before each word, so that other tasks run and an abort is noticed.
        await setImmediate();
        if (signal.aborted) {
          yield { type: "error", error: { kind: "aborted", message: "the call was aborted" } };
          return;
        }
        yield event;
      }
    },
  };
}

function* toEvents(request: ModelRequest, answer: DemoAnswer): Generator<ModelEvent, void, undefined> {
  if (answer.kind === "calls") {
    for (const { name, arguments: text } of answer.calls) {
      yield { type: "tool_call", id: `call_${randomHex(12)}`, name, arguments: text };
    }
    const output = answer.calls.map((call) => call.name + call.arguments).join("");
    yield { type: "finish", finish: "tool_calls", usage: toUsage(request, output) };
    return;
  }
  const room = (request.settings.maxOutputTokens ?? Number.POSITIVE_INFINITY) * CHARS_PER_TOKEN;
  const text = headOf(answer.text, room);
  for (const word of text.match(/\s*\S+|\s+$/g) ?? []) yield { type: "text", text: word };
  yield { type: "finish", finish: text === answer.text ? "stop" : "length", usage: toUsage(request, text) };
}

function toUsage({ messages }: ModelRequest, outputText: string): ModelUsage {
  const chars = messages.reduce((sum, message) => sum + textOf(message).length, 0);
  const input = Math.ceil(chars / CHARS_PER_TOKEN);
  const output = Math.ceil(outputText.length / CHARS_PER_TOKEN);
  return { input, output, cacheRead: 0, cacheWrite: 0, reasoning: 0 };
}

function textOf(message: ModelMessage): string {
  switch (message.role) {
    case "system":
      return message.text;
    case "tool":
      return message.results.map(({ text }) => text).join("");
    default:
      return message.parts
        .map((part) => (part.type === "text" ? part.text : part.type === "tool_call" ? part.arguments : ""))
        .join("");
  }
}
