import type { ModelMessage, ModelText, ModelToolCall, ModelToolResult } from "#models/language-model.ts";
import { toFileParts } from "#models/messages/result-files.ts";

/** Restrictions that a provider puts on conversations. */
export interface MessageRules {
  readonly leadingSystemOnly?: boolean;
  readonly withoutTools?: boolean;
  readonly alternates?: boolean;
  readonly refusesPrefill?: boolean;
  readonly withoutNames?: boolean;
  readonly beginsWithUser?: boolean;
}

/** Rewrites the parts of a conversation that the rules forbid. */
export function shapeMessages(messages: readonly ModelMessage[], rules: MessageRules): readonly ModelMessage[] {
  let shaped = messages;
  if (rules.leadingSystemOnly) shaped = withOneSystemText(shaped);
  if (rules.withoutNames) shaped = shaped.map(withoutName);
  if (rules.withoutTools) shaped = shaped.map(withoutTools);
  if (rules.alternates) shaped = mergeTurns(shaped);
  if (rules.beginsWithUser) shaped = withFirstUser(shaped);
  if (rules.refusesPrefill) shaped = withLastUser(shaped);
  return shaped;
}

const text = (value: string): ModelText => ({ type: "text", text: value });

/** Merges the leading system texts into one. A later system text becomes a marked user note. */
function withOneSystemText(messages: readonly ModelMessage[]): readonly ModelMessage[] {
  const firstTurn = messages.findIndex(({ role }) => role !== "system");
  const leading = firstTurn === -1 ? messages : messages.slice(0, firstTurn);
  const rest = firstTurn === -1 ? [] : messages.slice(firstTurn);
  const system = leading.flatMap((message) => (message.role === "system" ? [message.text] : [])).join("\n\n");
  return [...(leading.length > 0 ? [{ role: "system" as const, text: system }] : []), ...rest.map(systemAsNote)];
}

/** Converts a system message into a user message that is marked as a system note. */
export function systemAsNote(message: ModelMessage): ModelMessage {
  if (message.role !== "system") return message;
  return { role: "user", parts: [text(`[System note]\n${message.text}`)] };
}

function withoutTools(message: ModelMessage): ModelMessage {
  switch (message.role) {
    case "assistant":
      return { role: "assistant", parts: message.parts.map(callAsText) };
    case "tool":
      return {
        role: "user",
        parts: [text(message.results.map(resultAsText).join("\n\n")), ...toFileParts(message.results)],
      };
    default:
      return message;
  }
}

const resultAsText = ({ name, text: result }: ModelToolResult) => `[Result of ${name}]\n${result}`;

const callAsText = <Part extends { readonly type: string }>(part: Part | ModelToolCall): Part | ModelText =>
  isCall(part) ? text(`\n[Called ${part.name} with ${part.arguments}]`) : part;

const isCall = (part: { readonly type: string }): part is ModelToolCall => part.type === "tool_call";

/** Merges adjacent messages of the same role. */
function mergeTurns(messages: readonly ModelMessage[]): readonly ModelMessage[] {
  const merged: ModelMessage[] = [];
  for (const message of messages) {
    const last = merged.at(-1);
    if (last?.role === "user" && message.role === "user") {
      merged[merged.length - 1] = { role: "user", parts: [...last.parts, text("\n\n"), ...message.parts] };
    } else if (last?.role === "assistant" && message.role === "assistant") {
      merged[merged.length - 1] = { role: "assistant", parts: [...last.parts, text("\n\n"), ...message.parts] };
    } else {
      merged.push(message);
    }
  }
  return merged;
}

/** Puts a user's message before a first assistant message, such as a greeting. */
function withFirstUser(messages: readonly ModelMessage[]): readonly ModelMessage[] {
  const first = messages.findIndex(({ role }) => role !== "system");
  if (messages[first]?.role !== "assistant") return messages;
  return messages.toSpliced(first, 0, { role: "user", parts: [text("(The conversation begins.)")] });
}

/** Asks to go on after a last assistant message, so that its words are kept. */
const withLastUser = (messages: readonly ModelMessage[]): readonly ModelMessage[] =>
  messages.at(-1)?.role === "assistant" ? [...messages, { role: "user", parts: [text("Continue.")] }] : messages;

/** Puts a user's name in front of the user's words. */
export function withoutName<Message extends ModelMessage>(message: Message): Message {
  if (message.role !== "user" || message.name === undefined) return message;
  return { ...message, name: undefined, parts: [text(`${message.name}: `), ...message.parts] };
}
