import { z } from "zod";
import type { SkillLibrary } from "#features/skills/library/skill-library.ts";
import { describe } from "#features/skills/library/skill-set.ts";
import { showSkill } from "#features/skills/use/show-skill.ts";
import { defineTool, type Tool, ToolError, type ToolSource } from "#runtime/tools/index.ts";

/** The name of the tool that loads a skill. Without it, an agent has no use for a list of skills. */
export const USE_SKILL = "use_skill";
const SKILL_SEARCH = "skill_search";

const FOUND_SKILLS = 5;
const MAX_FOUND = 20;

const createUseTool = (library: SkillLibrary): Tool =>
  defineTool({
    name: USE_SKILL,
    group: "skills",
    description: "Load a skill: read its instructions and the list of its files. Do it before you begin such a task.",
    arguments: z.object({ name: z.string().min(1).max(200).describe("The skill, such as research-report") }),
    effect: () => "read",
    run: async ({ db, agentId, userId }, { name }) => {
      const set = await library.load(db, { agentId, userId });
      const skill = set.find(name);
      if (skill) return showSkill(skill, await library.open(db, skill));
      const near = set.search(name, FOUND_SKILLS).map(({ slug }) => slug);
      throw new ToolError(
        `You have no skill ${JSON.stringify(name)}.${near.length > 0 ? ` Similar: ${near.join(", ")}.` : ""}`,
      );
    },
  });

const createSearchTool = (library: SkillLibrary): Tool =>
  defineTool({
    name: SKILL_SEARCH,
    group: "skills",
    description: `Search your skills by what they are for. Then load one with ${USE_SKILL}.`,
    arguments: z.object({
      query: z.string().min(1).max(1_000).describe("What the task is about, in a few words"),
      max_results: z.int().min(1).max(MAX_FOUND).default(FOUND_SKILLS),
    }),
    effect: () => "read",
    run: async ({ db, agentId, userId }, { query, max_results }) => {
      const found = (await library.load(db, { agentId, userId })).search(query, max_results);
      return found.length === 0 ? "No skill fits. Try other words." : found.map(describe).join("\n");
    },
  });

const toMap = (tools: readonly Tool[]) => new Map(tools.map((tool) => [tool.name, tool]));

/** Creates the source of the tools for skills: none without skills, and a search if the prompt cannot list them. */
export function createSkillToolSource(library: SkillLibrary): ToolSource {
  const use = createUseTool(library);
  const none = { version: "none", tools: toMap([]) };
  const listed = { version: "listed", tools: toMap([use]) };
  const searched = { version: "searched", tools: toMap([use, createSearchTool(library)]) };
  return {
    load: async (db, { agent, userId }) => {
      const { skills, list } = await library.load(db, { agentId: agent.id, userId });
      if (skills.length === 0) return none;
      return list === undefined ? searched : listed;
    },
  };
}
