import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { deleteSkill } from "#features/skills/delete-skill.ts";
import { skillDeleted, skillToggled, skillUpdated, skillUploaded } from "#features/skills/events.ts";
import { readVersions } from "#features/skills/files/open-version.ts";
import { listSkillFiles, readSkillFile } from "#features/skills/files/read-files.ts";
import { getAnySkill, listAllSkills } from "#features/skills/list-all-skills.ts";
import * as schema from "#features/skills/schema.ts";
import { toggleSkill } from "#features/skills/toggle-skill.ts";
import { updateSkill } from "#features/skills/update-skill.ts";
import { skillBodyBytes, uploadSkill } from "#features/skills/upload/upload-skill.ts";

export const skillOperations = [
  defineOperation({
    name: "skills.list",
    http: { method: "GET", path: "/v1/skills" },
    access: ACCESS.read,
    summary: "List the skills of the gateway and of the tenant, by name",
    description: "With those that are switched off. Private skills are shown to their owners and to administrators.",
    input: schema.ListSkillsInput,
    output: schema.SkillList,
    run: async (ctx, { q }) => ({ skills: await listAllSkills(ctx, q) }),
  }),
  defineOperation({
    name: "skills.upload",
    http: { method: "POST", path: "/v1/skills/upload", status: 201, unchangedStatus: 200 },
    runsOnce: true,
    access: ACCESS.administer,
    body: { kind: "multipart", maxBytes: skillBodyBytes },
    summary: "Upload a skill, or the next version of one",
    description:
      "A ZIP archive with SKILL.md. An archive that is not safe is refused whole, with the cause as `details.reason`. The answer is 200 with the status `unchanged` if the current version has the same files.",
    input: schema.UploadSkillInput,
    output: schema.UploadedSkill,
    errors: ["ALREADY_EXISTS", "FAILED_PRECONDITION"],
    audit: skillUploaded,
    run: uploadSkill,
  }),
  defineOperation({
    name: "skills.get",
    http: { method: "GET", path: "/v1/skills/{id}" },
    access: ACCESS.read,
    summary: "Read what is known of a skill",
    description: "Administrators see where on the machine it lies.",
    input: schema.SkillPath,
    output: schema.Skill,
    run: (ctx, { id }) => getAnySkill(ctx, id),
  }),
  defineOperation({
    name: "skills.update",
    http: { method: "PUT", path: "/v1/skills/{id}" },
    access: ACCESS.administer,
    summary: "Change the name, description, tags or visibility of a skill",
    description: "Skills of the gateway cannot be changed. The next upload takes name and description from SKILL.md.",
    input: schema.UpdateSkillInput,
    output: schema.Done,
    audit: skillUpdated,
    example: { input: { visibility: "public", tags: ["weather"] }, output: schema.DONE },
    run: updateSkill,
  }),
  defineOperation({
    name: "skills.delete",
    http: { method: "DELETE", path: "/v1/skills/{id}" },
    access: ACCESS.administer,
    summary: "Delete a skill with its grants",
    description: "Skills of the gateway cannot be deleted; switch them off instead.",
    input: schema.SkillPath,
    output: schema.Done,
    audit: skillDeleted,
    run: deleteSkill,
  }),
  defineOperation({
    name: "skills.toggle",
    http: { method: "POST", path: "/v1/skills/{id}/toggle" },
    runsOnce: true,
    access: ACCESS.administer,
    summary: "Switch a skill on or off for the tenant",
    description: "Takes effect in the next run. Switching on looks again for the programs that the skill needs.",
    input: schema.ToggleSkillInput,
    output: schema.Toggled,
    audit: skillToggled,
    example: { input: { enabled: false }, output: { ok: true, enabled: false, status: "" } },
    run: toggleSkill,
  }),
  defineOperation({
    name: "skills.versions",
    http: { method: "GET", path: "/v1/skills/{id}/versions" },
    access: ACCESS.read,
    summary: "List the versions of a skill",
    description: "Versions never change, and stay readable.",
    input: schema.SkillPath,
    output: schema.SkillVersions,
    run: readVersions,
  }),
  defineOperation({
    name: "skills.files.list",
    http: { method: "GET", path: "/v1/skills/{id}/files" },
    access: ACCESS.read,
    summary: "List the files of a version of a skill",
    description: "Each folder comes before what lies in it.",
    input: schema.SkillFilesInput,
    output: schema.SkillFileList,
    run: async (ctx, input) => ({ files: await listSkillFiles(ctx, input) }),
  }),
  defineOperation({
    name: "skills.files.get",
    http: { method: "GET", path: "/v1/skills/{id}/files/{path...}" },
    access: ACCESS.read,
    summary: "Read a file of a version of a skill",
    description: "A file that is no UTF-8 text comes as base64.",
    input: schema.SkillFileInput,
    output: schema.SkillFileContent,
    run: readSkillFile,
  }),
];
