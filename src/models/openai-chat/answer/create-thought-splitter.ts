import { ThoughtSplitter } from "#models/openai-chat/answer/thought-splitter.ts";
import type { Quirks } from "#models/quirks/quirks.ts";

/** Creates the splitter for one answer. Returns undefined if the provider's text holds no thoughts. */
export const createThoughtSplitter = (
  { withoutThoughtMarks, beginsInThought }: Quirks,
  model: string,
): ThoughtSplitter | undefined =>
  withoutThoughtMarks ? undefined : new ThoughtSplitter(beginsInThought?.test(model) ?? false);
