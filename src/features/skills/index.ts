export { skillFeature } from "#features/skills/feature.ts";
export { SkillFolders, skillFolders } from "#features/skills/folders/skill-folders.ts";
export { SkillLibrary, skillLibrary } from "#features/skills/library/skill-library.ts";
export { skillBodyBytes } from "#features/skills/upload/upload-skill.ts";
