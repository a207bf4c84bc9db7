import type { ModelFile, ModelMessage, ModelText, ModelToolResult } from "#models/language-model.ts";

export const hasResultFiles = (messages: readonly ModelMessage[]): boolean =>
  messages.some((message) => message.role === "tool" && message.results.some(({ files = [] }) => files.length > 0));

/** Replaces the files of results by the texts that stand in for them. */
export const withoutResultFiles = (messages: readonly ModelMessage[]): readonly ModelMessage[] =>
  hasResultFiles(messages)
    ? messages.map((message) =>
        message.role === "tool" ? { ...message, results: message.results.map(withStandInsOnly) } : message,
      )
    : messages;

function withStandInsOnly({ files = [], ...result }: ModelToolResult): ModelToolResult {
  return { ...result, text: [result.text, ...files.flatMap(({ standIn }) => standIn ?? [])].join("\n") };
}

/**
 * Moves the files of results into a user message after all results of their turn, for formats whose results hold text
 * alone. `mustMove` says for which results.
 */
export function moveResultFiles(
  messages: readonly ModelMessage[],
  mustMove: (result: ModelToolResult) => boolean = () => true,
): readonly ModelMessage[] {
  if (!hasResultFiles(messages)) return messages;
  const moved: ModelMessage[] = [];
  let waiting: readonly ModelToolResult[] = [];
  const flush = () => {
    const parts = toFileParts(waiting);
    if (parts.length > 0) moved.push({ role: "user", parts });
    waiting = [];
  };
  for (const message of messages) {
    if (message.role === "tool") {
      waiting = [...waiting, ...message.results.filter(mustMove)];
      const results = message.results.map((result) => (mustMove(result) ? { ...result, files: undefined } : result));
      moved.push({ role: "tool", results });
    } else {
      flush();
      moved.push(message);
    }
  }
  flush();
  return moved;
}

/** Returns the files of results as parts of a user message. Each is said to be no word of the user. */
export function toFileParts(results: readonly ModelToolResult[]): readonly (ModelText | ModelFile)[] {
  const owned = results.flatMap(({ callId, name, files = [] }) => files.map((file) => ({ callId, name, file })));
  return owned.flatMap(({ callId, name, file }, index) => [
    {
      type: "text",
      text: `[Image ${index + 1} belongs to the result of ${name} (${callId}). It is not from the user.]\n`,
    },
    file,
  ]);
}
