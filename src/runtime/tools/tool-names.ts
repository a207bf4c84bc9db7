import type { ModelTool } from "#models/language-model.ts";

/** The names that the model may call, and what it means where it writes them differently. */
export interface ToolNames {
  /** Returns the tool's true name, or the written name unchanged if none or several tools fit. */
  resolve(written: string): string;
  /** Returns up to `SIMILAR_NAMES` names that resemble the written one, the closest first. */
  similarTo(written: string): readonly string[];
}

const SIMILAR_NAMES = 3;

/** Names that models use for tools of the gateway, with the true names. */
export const TOOL_ALIASES: ReadonlyMap<string, string> = new Map([
  ["bash", "exec"],
  ["edit_file", "edit"],
  ["sessions_spawn", "spawn"],
]);

/** Creates the names of the tools that a run is offered. */
export function createToolNames(tools: readonly ModelTool[]): ToolNames {
  const offered = new Set(tools.map(({ name }) => name));
  const trueNames = new Map([...TOOL_ALIASES].filter(([alias, name]) => offered.has(name) && !offered.has(alias)));
  for (const name of offered) trueNames.set(name, name);
  // Most calls name their tool exactly, so the comparable forms are made on demand.
  let byFold: ReadonlyMap<string, readonly (readonly [string, string])[]> | undefined;
  const fitting = (word: string): readonly string[] => {
    const exact = trueNames.get(word);
    if (exact !== undefined) return [exact];
    byFold ??= Map.groupBy(trueNames, ([written]) => fold(written));
    const form = fold(word);
    return form === "" ? [] : (byFold.get(form) ?? []).map(([, name]) => name);
  };

  return {
    resolve(written) {
      if (trueNames.has(written) || written.length > LONGEST_NAME) return trueNames.get(written) ?? written;
      for (const words of readings(written)) {
        const [name, ...others] = new Set(words.flatMap(fitting));
        if (name !== undefined) return others.length === 0 ? name : written;
      }
      return written;
    },
    similarTo(written) {
      const pairs = pairsOf(written.slice(0, LONGEST_NAME));
      return [...offered]
        .map((name) => ({ name, likeness: shareOf(pairsOf(name), pairs) }))
        .filter(({ likeness }) => likeness >= 0.5)
        .toSorted((a, b) => b.likeness - a.likeness)
        .slice(0, SIMILAR_NAMES)
        .map(({ name }) => name);
    },
  };
}

/** In characters. A longer text is no name with marks around it. */
const LONGEST_NAME = 300;

/**
 * Returns the readings of a written name, the most certain first. The words of one reading are equally likely.
 * gpt-oss writes `read_file<|channel|>commentary` and `assistant<|channel|>commentary to=functions.read_file`. Kimi
 * writes `functions.read_file:0`, Gemini `default_api:read_file`, and Claude `ReadFile_tool`.
 */
function readings(written: string): readonly (readonly string[])[] {
  const addressed = /\bto=(\S+)/.exec(written)?.[1] ?? written;
  const whole = (addressed.split(/[<({]/, 1)[0] ?? "").replace(/:\d+$/, "");
  const last = whole.split(/[.:/]+/).at(-1) ?? "";
  const words = written.split(/[^\p{L}\p{N}_-]+/u);
  return [[whole, last], words, words.map((word) => word.replace(AFFIXES, ""))];
}

const AFFIXES = /^(?:functions?|tools?|default_api|multi_tool_use)[_-]+|[_-]+tool$|(?<=[a-z])Tool$/gi;

/** Removes what does not distinguish names: case, and how words are joined. */
const fold = (name: string): string =>
  name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");

/** Returns the pairs of neighbouring characters. */
function pairsOf(name: string): ReadonlySet<string> {
  const text = fold(name);
  return new Set(Array.from(text.slice(1), (second, index) => text.charAt(index) + second));
}

const shareOf = (wanted: ReadonlySet<string>, present: ReadonlySet<string>): number =>
  wanted.intersection(present).size / (wanted.size || 1);
