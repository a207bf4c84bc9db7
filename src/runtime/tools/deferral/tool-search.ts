import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { headOf } from "#base/texts/cut-text.ts";
import { defineTool, textPart, untrustedPart } from "#runtime/tools/define-tool.ts";
import type { Tool, ToolPart } from "#runtime/tools/tool.ts";
import type { ToolResultPart } from "#runtime/transcript/index.ts";

/** The name of the tool that finds deferred tools. */
export const TOOL_SEARCH = "mcp_tool_search";

const FOUND = "Found, and callable from now on: ";
const SHOWN_CHARS = 300;
const NAME_WEIGHT = 3;
const EXACT_WEIGHT = 1_000;
const MAX_WORDS = 20;
/** From this length on, a word of a query also finds longer words. */
const PREFIX_CHARS = 4;

const Arguments = z.object({
  query: z.string().min(1).max(500).describe("Words for what the tool should do, or a part of its name"),
  max_results: z.int().min(1).max(LIMITS.toolSearchResults).default(5),
});

/** Creates the tool that finds deferred tools by the words of their names and descriptions. */
export const createToolSearch = (deferred: ReadonlyMap<string, Tool>): Tool =>
  defineTool({
    name: TOOL_SEARCH,
    group: "mcp",
    description:
      "Finds tools of MCP servers. Only a few tools are listed at first; use this to find further ones. The tools that it finds can be called afterwards.",
    arguments: Arguments,
    effect: () => "read",
    run: async (_, { query, max_results }) => toParts(rank(deferred, query).slice(0, max_results)),
  });

function toParts(tools: readonly Tool[]): readonly ToolPart[] {
  if (tools.length === 0) return [textPart("No tool fits. Try other words, or fewer.")];
  const lines = tools.map(({ name, description }) => `${name}: ${headOf(description, SHOWN_CHARS)}`);
  const names = tools.map(({ name }) => name).join(", ");
  return [textPart(`${FOUND}${names}`), untrustedPart("descriptions of tools by their MCP servers", lines.join("\n"))];
}

/** Returns the names of the tools that searches found, in the order in which they were found. */
export function readFoundTools(results: readonly ToolResultPart[]): readonly string[] {
  return results
    .filter(({ name, text }) => name === TOOL_SEARCH && text.startsWith(FOUND))
    .flatMap(({ text }) => (text.split("\n", 1)[0] ?? "").slice(FOUND.length).split(", "));
}

/** Returns the tools that contain a word of the query, the best first. */
function rank(tools: ReadonlyMap<string, Tool>, query: string): readonly Tool[] {
  const patterns = wordsOf(query).map(toPattern);
  const wanted = query.trim().toLowerCase();
  const scored = [...tools.values()].map((tool) => {
    const score = patterns.reduce(
      (sum, pattern) => sum + (pattern.test(tool.name) ? NAME_WEIGHT : 0) + (pattern.test(tool.description) ? 1 : 0),
      tool.name.toLowerCase() === wanted ? EXACT_WEIGHT : 0,
    );
    return { tool, score };
  });
  return scored
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || (a.tool.name < b.tool.name ? -1 : 1))
    .map(({ tool }) => tool);
}

/** Splits a text into words. Languages without spaces are split by their dictionary. */
function wordsOf(text: string): readonly string[] {
  const segments = [...new Intl.Segmenter(undefined, { granularity: "word" }).segment(text)];
  const words = segments.filter(({ isWordLike }) => isWordLike).flatMap(({ segment }) => segment.split("_"));
  return [...new Set(words.filter((word) => word !== ""))].slice(0, MAX_WORDS);
}

/** Finds words that begin with `word`. A short one is found only whole, and one without spaces around it anywhere. */
function toPattern(word: string): RegExp {
  const text = word.replace(/[^\p{L}\p{N}]/gu, ".");
  if (SPACELESS.test(word)) return new RegExp(text, "iu");
  const end = word.length < PREFIX_CHARS ? "(?![\\p{L}\\p{N}])" : "";
  return new RegExp(`(?<![\\p{L}\\p{N}])${text}${end}`, "iu");
}

const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
