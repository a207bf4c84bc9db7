import { isJsonText } from "#base/json.ts";
import type { DemoCall } from "#models/demo/decide-demo-answer.ts";
import { minimalInstance } from "#models/demo/minimal-instance.ts";
import type { ModelTool } from "#models/language-model.ts";

const CALL = /\b(?:call|use|run)\s+[`"']?(?<name>[\w.-]*\w)[`"']?/gi;
const MAX_CALLS = 8;

/** Returns the tool calls that a text requests: "call", "use" or "run", a tool name, and optional JSON arguments. */
export function findRequestedCalls(text: string, tools: readonly ModelTool[]): readonly DemoCall[] {
  const calls: DemoCall[] = [];
  let end = 0;
  for (const match of text.matchAll(CALL)) {
    const tool = tools.find(({ name }) => name === match.groups?.name);
    if (tool === undefined || match.index < end || calls.length === MAX_CALLS) continue;
    end = match.index + match[0].length;
    const written = readJson(text.slice(end));
    end += written?.length ?? 0;
    calls.push({ name: tool.name, arguments: written?.trim() ?? JSON.stringify(minimalInstance(tool.parameters)) });
  }
  return calls;
}

/** Returns the JSON object at the start of a text. If the JSON is broken, returns the rest of its line. */
function readJson(text: string): string | undefined {
  const opening = /^(?:\s+with)?\s*\{/.exec(text);
  if (opening === null) return undefined;
  const start = opening[0].length - 1;
  for (let end = text.indexOf("}", start); end !== -1; end = text.indexOf("}", end + 1)) {
    const candidate = text.slice(start, end + 1);
    if (isJsonText(candidate)) return candidate;
  }
  return text.slice(start).split("\n", 1)[0];
}
