export const CHAT_COMMANDS = ["help", "start", "stop", "stopall", "reset", "status"] as const;
export type ChatCommand = (typeof CHAT_COMMANDS)[number] | "cancel";

/** Words that stop a running answer. Where none runs, they are a message like any other. */
const CANCEL_WORDS: readonly string[] = [
  ...["stop", "cancel", "abort", "stop it", "please stop"],
  ...["dừng", "dừng lại", "hủy", "huỷ", "thôi"],
  ...["停", "停止", "取消", "停下"],
];

const COMMAND = /^\/([a-z]+)(?:@\w+)?(?=\s|$)/i;
const SAME: Readonly<Record<string, ChatCommand>> = { new: "reset", clear: "reset" };

/** Returns the command in a message, such as `/stop@bot`, or undefined. */
export function parseCommand(text: string): ChatCommand | undefined {
  const trimmed = text.trim();
  const word = COMMAND.exec(trimmed)?.[1]?.toLowerCase();
  if (word !== undefined) return CHAT_COMMANDS.find((command) => command === word) ?? ownAlias(word);
  const bare = trimmed
    .replace(/^@\w+\s+/, "")
    .replace(/[.!。！]+$/u, "")
    .normalize("NFC")
    .toLowerCase();
  return CANCEL_WORDS.includes(bare) ? "cancel" : undefined;
}

const ownAlias = (word: string): ChatCommand | undefined => (Object.hasOwn(SAME, word) ? SAME[word] : undefined);
