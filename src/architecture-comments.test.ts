import { expect, test } from "bun:test";
import { files, read, webFiles } from "#testing/source-files.ts";

const MAX_WORDS = 25;
const COMMENTS = /^[ \t]*\/\*\*?[\s\S]*?\*\/|(?:^[ \t]*\/\/.*\n)+/gm;
const LINE_START = /^[ \t]*(?:\/\/|\/?\*+\/?) ?/gm;
/** Ends a sentence: its full stop, an empty line, or the next item of a list. */
const SENTENCE_END = /(?<=[.!?:])\s+(?=[A-Z`"])|\n\s*\n|\n\s*[-*] /;

test(`no sentence of a comment has more than ${MAX_WORDS} words`, () => {
  const long = [...files, ...webFiles].flatMap((path) =>
    [...read(path).matchAll(COMMENTS)]
      .flatMap(([comment]) => comment.replace(LINE_START, "").split(SENTENCE_END))
      .filter((sentence) => sentence.trim().split(/\s+/).length > MAX_WORDS)
      .map((sentence) => `${path}: ${sentence.trim()}`),
  );
  expect(long).toEqual([]);
});
