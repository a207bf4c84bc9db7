import { edenGC } from "bun:jsc";

/** After so many UTF-16 code units of garbage, what is young is collected. */
const COLLECTED = 1_000_000;

/** Every so many collections, everything is collected. */
const OF_EVERYTHING = 16;

let characters = 0;
let collections = 0;

/**
 * Counts a text that is needed for a moment only, in UTF-16 code units. The collector alone lets a heap gather many
 * megabytes of such texts. What is young is collected at once, in about a millisecond. A text in use at that moment
 * counts as old from then on, so a large value is best made as short texts. Everything is collected in other threads, but
 * rarely: whoever collects what is young meanwhile waits for their end.
 */
export function countGarbage(length: number): void {
  characters += length;
  if (characters < COLLECTED) return;
  characters = 0;
  collections = (collections + 1) % OF_EVERYTHING;
  if (collections === 0) Bun.gc(false);
  else edenGC();
}
