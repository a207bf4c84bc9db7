import { openFile, readSwitch } from "#cli/resources/read-field.ts";
import {
  type CommandArgument,
  defineCommand,
  fields,
  type Resource,
  sentence,
  table,
} from "#cli/resources/resource-command.ts";

const SKILL: CommandArgument = { name: "skill", field: "id", help: "its slug, name or id" };

export const skills: Resource = {
  name: "skills",
  summary: "manage skills",
  commands: [
    defineCommand("skills.list", {
      name: "list",
      summary: "list skills",
      example: "goclaw skills list --search pdf",
      options: [{ flags: "--search <text>", field: "q", help: "a part of the name or the description" }],
      show: table((answer) => answer.skills, {
        id: (skill) => skill.id,
        empty: "There are no skills. Add one with goclaw skills upload.",
        columns: [
          { title: "SKILL", isKey: true, value: (skill) => skill.slug },
          { title: "VERSION", value: (skill) => skill.version },
          { title: "FOR", value: (skill) => skill.visibility },
          { title: "STATUS", kind: "status", value: ({ enabled, status }) => (enabled ? status : "inactive") },
          { title: "DESCRIPTION", value: (skill) => skill.description },
        ],
      }),
    }),
    defineCommand("skills.get", {
      name: "get",
      summary: "show a skill",
      example: "goclaw skills get pdf",
      arguments: [SKILL],
      show: fields((skill) => skill.id),
    }),
    defineCommand("skills.upload", {
      name: "upload",
      summary: "add a skill, or a version of it",
      example: "goclaw skills upload pdf.zip",
      arguments: [{ name: "file", field: "file", help: "a ZIP archive with SKILL.md", read: openFile }],
      show: fields((skill) => skill.id),
    }),
    defineCommand("skills.toggle", {
      name: "toggle",
      summary: "turn a skill on or off",
      example: "goclaw skills toggle pdf off",
      arguments: [
        SKILL,
        {
          name: "state",
          field: "enabled",
          help: "on or off; else the other state",
          isOptional: true,
          read: readSwitch,
        },
      ],
      show: sentence(({ enabled }, { id }) => `The skill ${id} is ${enabled ? "on" : "off"}.`),
    }),
    defineCommand("skills.delete", {
      name: "delete",
      summary: "delete a skill",
      example: "goclaw skills delete pdf",
      arguments: [SKILL],
      show: sentence((_, { id }) => `Deleted the skill ${id}.`),
    }),
  ],
};
