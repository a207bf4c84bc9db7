import { buildZip } from "#testing/skills/zip-builder.ts";

export interface SkillText {
  readonly name: string;
  readonly description?: string;
  readonly body?: string;
  /** Further lines of the front matter. */
  readonly more?: string;
}

/** Returns the text of SKILL.md. */
export const skillText = ({
  name,
  description = `What ${name} does`,
  body = "# Steps",
  more = "",
}: SkillText): string => `---\nname: ${name}\ndescription: ${description}\n${more}---\n\n${body}\n`;

/** Returns the archive of a skill, with further files by path. */
export const aSkillZip = (
  text: SkillText,
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Uint8Array<ArrayBuffer> =>
  buildZip([
    { name: "SKILL.md", content: skillText(text) },
    ...Object.entries(files).map(([name, content]) => ({ name, content })),
  ]);

/** Returns the form with which an archive is uploaded. */
export function toUpload(
  archive: Uint8Array<ArrayBuffer>,
  fields: Readonly<Record<string, string>> = {},
  fileName = "skill.zip",
): FormData {
  const form = new FormData();
  form.set("file", new File([archive], fileName));
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}
