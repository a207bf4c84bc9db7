const FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*([^\s`]*)/;
const MAX_CHARS = 16;

/** The line that begins or ends a block of code. */
export interface Fence {
  /** Three or more of one character. The end of a block has at least as many as its beginning. */
  readonly mark: string;
  /** "" for a line that may end a block. */
  readonly language: string;
}

/** Returns the fence in a line of Markdown. */
export function findFence(line: string): Fence | undefined {
  const [, mark = "", language = ""] = FENCE.exec(line) ?? [];
  return mark === "" ? undefined : { mark: mark.slice(0, MAX_CHARS), language: language.slice(0, MAX_CHARS) };
}
