import { defineFeature } from "#features/define-feature.ts";
import { skillEvents } from "#features/skills/events.ts";
import { skillGrantOperations } from "#features/skills/grants/operations.ts";
import { skillLibrary } from "#features/skills/library/skill-library.ts";
import { skillOperations } from "#features/skills/operations.ts";
import { skillMethods } from "#features/skills/rpc/skill-methods.ts";
import { createSkillPromptSource } from "#features/skills/use/create-skill-prompt-source.ts";
import { createSkillToolSource } from "#features/skills/use/create-skill-tools.ts";

export const skillFeature = defineFeature({
  name: "skills",
  operations: [...skillOperations, ...skillGrantOperations],
  events: skillEvents,
  methods: skillMethods,
  prompts: (services) => [createSkillPromptSource(services.use(skillLibrary))],
  tools: (services) => [createSkillToolSource(services.use(skillLibrary))],
});
