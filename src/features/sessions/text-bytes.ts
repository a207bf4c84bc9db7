import { type NewMessage, textOf } from "#runtime/message-parts.ts";

/** The size of the text that the model reads, from which its tokens are estimated. */
export const textBytesOf = (messages: readonly NewMessage[]): number =>
  messages.reduce((sum, { parts }) => sum + Buffer.byteLength(textOf(parts)), 0);
