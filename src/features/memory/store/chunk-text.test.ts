import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { LIMITS } from "#base/limits.ts";
import { chunkText } from "#features/memory/store/chunk-text.ts";

const withoutSpace = (text: string) => text.replaceAll(/\s+/g, "");
const line = fc.oneof(fc.string({ maxLength: 400 }), fc.constant(""), fc.string({ minLength: 900, maxLength: 2_500 }));

describe("a text that is split into chunks", () => {
  test("loses nothing, and every chunk fits and names its lines", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const text = lines.join("\n");
        const all = text.split(/\r\n|\r|\n/);
        let rest = 0;
        for (const chunk of chunkText(text)) {
          expect(chunk.text.length).toBeLessThanOrEqual(LIMITS.memoryChunkChars);
          expect(chunk.text.trim()).not.toBe("");
          const named = all.slice(chunk.startLine - 1, chunk.endLine).join("\n");
          expect(withoutSpace(named)).toContain(withoutSpace(chunk.text));
          rest = Math.max(rest, chunk.endLine);
        }
        expect(all.slice(rest).join("").trim()).toBe("");
      }),
      { numRuns: 200 },
    );
  });

  test("repeats the end of a chunk that was cut within a paragraph", () => {
    const lines = Array.from({ length: 30 }, (_, index) => `${index}: ${"x".repeat(60)}`);
    const chunks = chunkText(lines.join("\n"));
    expect(chunks.length).toBeGreaterThan(1);
    for (const [index, { startLine }] of chunks.entries()) {
      if (index > 0) expect(startLine).toBeLessThanOrEqual(chunks[index - 1]?.endLine ?? 0);
    }
  });

  test("keeps characters of two code units whole", () => {
    for (const { text } of chunkText("🦊".repeat(5_000))) expect(text.isWellFormed()).toBe(true);
  });
});
