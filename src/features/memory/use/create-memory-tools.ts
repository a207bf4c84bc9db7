import { z } from "zod";
import { toTimestamp } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { newPath } from "#features/memory/create-entry.ts";
import { MemoryContent } from "#features/memory/schema.ts";
import { findPassages } from "#features/memory/search/find-passages.ts";
import type { AgentMemory } from "#features/memory/use/agent-memory.ts";
import { defineTool, shorten, type Tool, ToolError, type ToolSource, untrustedPart } from "#runtime/tools/index.ts";

const GROUP = "memory";
const Path = z.string().min(1).max(LIMITS.memoryPathChars).describe("Such as MEMORY.md or memory/tea.md");

const createSearchTool = (memory: AgentMemory): Tool =>
  defineTool({
    name: "memory_search",
    group: GROUP,
    description:
      "Search what you remember of earlier sessions: people, decisions, preferences, dates. Do it before you say that you do not know.",
    arguments: z.object({
      query: z.string().min(1).max(LIMITS.memoryQueryChars).describe("A few words, in any language"),
      maxResults: z.int().min(1).max(LIMITS.memoryResultsMax).optional(),
      minScore: z.number().min(0).max(1).optional().describe("Leave out what fits less well; 1 fits best"),
    }),
    effect: () => "read",
    run: async (environment, { query, maxResults, minScore }) => {
      const settings = await memory.settingsOf(environment);
      const { db, call } = environment;
      const view = memory.viewOf(environment);
      const results = await findPassages(db.reports, {
        view,
        query,
        meaning: memory.vectors.meaningOf(db, { ...view, query, run: call?.trace }),
        maxResults: maxResults ?? settings?.maxResults ?? 0,
        minScore: minScore ?? settings?.minScore ?? 0,
      });
      if (results.length === 0) return "You remember nothing about this.";
      return [untrustedPart("memory", JSON.stringify({ results, count: results.length }))];
    },
  });

const createGetTool = (memory: AgentMemory): Tool =>
  defineTool({
    name: "memory_get",
    group: GROUP,
    description: "Read a document that you remember, or some of its lines, at a path that memory_search found.",
    arguments: z.object({
      path: Path,
      from: z.int().min(1).default(1).describe("The first line to read"),
      lines: z.int().min(1).optional().describe("How many lines to read; all when absent"),
    }),
    effect: () => "read",
    run: async (environment, { path, from, lines }) => {
      const content = await memory.read(environment, path);
      if (content === undefined) throw new ToolError(`You remember no document ${shorten(path)}.`);
      const all = content.split("\n");
      if (from > all.length) throw new ToolError(`The document has only ${all.length} lines.`);
      const shown = all.slice(from - 1, lines && from - 1 + lines);
      return [untrustedPart(`memory ${path}`, shown.join("\n"))];
    },
  });

const createWriteTool = (memory: AgentMemory): Tool =>
  defineTool({
    name: "memory_write",
    group: GROUP,
    description:
      "Remember something for later sessions. Replaces the document at the path, or adds to its end when append is true. What stands in MEMORY.md is always before you, so keep it short.",
    arguments: z.object({
      content: MemoryContent.min(1),
      path: Path.optional().describe("Such as memory/tea.md; a new one with the date when absent"),
      append: z.boolean().default(false),
    }),
    effect: ({ path, append }) => (path === undefined || append ? "once" : "idempotent"),
    run: async (environment, { content, append, ...given }) => {
      const known = given.path === undefined ? await memory.findSame(environment, content) : undefined;
      if (known !== undefined) return `You remember this already, in ${known}`;
      const path = given.path ?? newPath(toTimestamp(environment.clock.now()));
      await memory.change(environment, path, (before) => (append && before ? addTo(before, content) : content));
      return `${append ? "Added to" : "Wrote"} ${path}`;
    },
  });

const addTo = (before: string, content: string): string => `${before.replace(/\n$/, "")}\n${content}`;

/** Creates the source of the tools for memory. An agent whose memory is switched off has none of them. */
export function createMemoryToolSource(memory: AgentMemory): ToolSource {
  const tools = [createSearchTool(memory), createGetTool(memory), createWriteTool(memory)];
  const on = { version: "on", tools: new Map(tools.map((tool) => [tool.name, tool])) };
  const off = { version: "off", tools: new Map<string, Tool>() };
  return {
    load: async (db, { agent }) => ((await memory.settingsOf({ db, agentId: agent.id }))?.isEnabled ? on : off),
  };
}
