import { LIMITS } from "#base/limits.ts";
import type { SkillLibrary } from "#features/skills/library/skill-library.ts";
import type { SkillSet } from "#features/skills/library/skill-set.ts";
import { USE_SKILL } from "#features/skills/use/create-skill-tools.ts";
import { showSkill } from "#features/skills/use/show-skill.ts";
import type { PromptSection, PromptSource } from "#runtime/prompt/index.ts";

/** What stands around the list or the instructions. */
const FRAME_CHARS = 20_000;

/** A message such as `/research-report the price of copper`. */
const COMMAND = /^\s*\/([\p{L}\p{N}][\p{L}\p{N}-]*)(?=\s|$)/u;

/**
 * Creates the prompt source for skills. It lists the skills of the agent, and adds the instructions of the one that the
 * user's message begins with.
 */
export const createSkillPromptSource = (library: SkillLibrary): PromptSource => ({
  async load(db, { agent, userId, message, hasTool }) {
    if (!hasTool(USE_SKILL)) return [];
    const set = await library.load(db, { agentId: agent.id, userId });
    const [, command] = COMMAND.exec(message) ?? [];
    const named = command === undefined ? undefined : set.find(command);
    const used = named && toUsed(showSkill(named, await library.open(db, named)));
    return [toListed(set), ...(used ? [used] : [])];
  },
});

const toListed = ({ list, skills }: SkillSet): PromptSection => ({
  name: "skills",
  text: [
    "<skills>",
    `Skills are instructions for certain tasks. If a task fits one, load it with ${USE_SKILL} before you begin.`,
    list ?? `You have ${skills.length} skills. Find the one that fits with skill_search.`,
    "</skills>",
  ].join("\n"),
  place: "stable",
  maxChars: LIMITS.promptSkillsChars + FRAME_CHARS,
});

const toUsed = (text: string): PromptSection => ({
  name: "skill",
  text: `<skill>\nThe user's message names this skill. It is loaded; follow it.\n${text}\n</skill>`,
  place: "volatile",
  maxChars: LIMITS.usedSkillChars + FRAME_CHARS,
});
