import { isRecord } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import { headOf } from "#base/texts/cut-text.ts";
import { ArchiveRefusal } from "#features/skills/archive/archive-fault.ts";
import { type Danger, findDangers } from "#features/skills/manifest/find-dangers.ts";
import { findRequirements, type Requirements } from "#features/skills/manifest/find-requirements.ts";
import { type FrontMatter, parseFrontMatter } from "#features/skills/manifest/parse-front-matter.ts";
import { splitFrontMatter } from "#features/skills/manifest/split-front-matter.ts";
import { toSkillSlug } from "#features/skills/manifest/to-skill-slug.ts";

/** Departures from the Agent Skills specification that are accepted. The answer to an upload lists them. */
export const SKILL_WARNINGS = [
  "no_front_matter",
  "loose_front_matter",
  "no_name",
  "no_description",
  "long_description",
  "name_differs_from_folder",
  "name_is_no_slug",
] as const;
export type SkillWarning = (typeof SKILL_WARNINGS)[number];

/** What SKILL.md says about its skill. */
export interface SkillManifest {
  readonly name: string;
  readonly slug: string;
  readonly description: string;
  readonly author?: string;
  readonly license?: string;
  readonly compatibility?: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** As written. It is a wish of the skill's author, and gives no agent any right. */
  readonly allowedTools: readonly string[];
  readonly requirements: Requirements;
  readonly warnings: readonly SkillWarning[];
  readonly dangers: readonly Danger[];
}

const MAX_METADATA = 50;
const MAX_TOOLS = 100;

/** Reads SKILL.md. `folder` is the folder in which it lay, if any. Throws `ArchiveRefusal` for broken front matter. */
export function parseSkillFile(text: string, folder: string | undefined): SkillManifest {
  const { frontMatter, body } = splitFrontMatter(text);
  const { fields, isLoose } = frontMatter === undefined ? NO_FIELDS : parseFrontMatter(frontMatter);
  const written = line(fields.name, LIMITS.skillNameChars, "name");
  const name = written || headOf(headingOf(body) || folder || "Skill", LIMITS.skillNameChars);
  const description = line(fields.description, LIMITS.skillDescriptionChars, "description");
  const slug = toSkillSlug(line(fields.slug, LIMITS.skillNameChars, "slug") || name, folder);
  const texts = { author: fields.author, license: fields.license, compatibility: fields.compatibility };
  const kept = Object.entries(texts).map(([key, value]) => [key, line(value, LIMITS.skillDescriptionChars, key)]);
  const holds: Readonly<Record<SkillWarning, boolean>> = {
    no_front_matter: frontMatter === undefined,
    loose_front_matter: isLoose,
    no_name: written === "",
    no_description: description === "",
    long_description: description.length > SPECIFIED_DESCRIPTION_CHARS,
    name_differs_from_folder: written !== "" && folder !== undefined && folder.normalize("NFC") !== written,
    name_is_no_slug: written !== "" && written !== slug,
  };
  return {
    name,
    slug,
    description,
    ...Object.fromEntries(kept.filter(([, value]) => value !== "")),
    metadata: toMetadata(fields.metadata),
    allowedTools: toWords(fields["allowed-tools"]),
    requirements: findRequirements(fields),
    warnings: SKILL_WARNINGS.filter((warning) => holds[warning]),
    dangers: findDangers(text),
  };
}

const NO_FIELDS: FrontMatter = { fields: {}, isLoose: false };
/** The limit of the Agent Skills specification. Longer descriptions are kept. */
const SPECIFIED_DESCRIPTION_CHARS = 1_024;

/** Returns a field as one line. Numbers and truth values count as text, because authors forget the quotes. */
function line(value: unknown, maxChars: number, field: string): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") throw new ArchiveRefusal("front_matter", `${field} must be text`);
  const text = String(value)
    .normalize("NFC")
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim();
  if (text.length > maxChars) throw new ArchiveRefusal("front_matter", `${field} has more than ${maxChars} characters`);
  return text;
}

const headingOf = (body: string): string =>
  (/^#{1,6}[ \t]+(.+?)[ \t#]*$/m.exec(body)?.[1] ?? "").normalize("NFC").trim();

function toMetadata(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  const entries = Object.entries(value).slice(0, MAX_METADATA);
  const toText = (part: unknown) => (typeof part === "string" ? part : (JSON.stringify(part) ?? ""));
  return Object.fromEntries(
    entries.map(([key, part]) => [
      headOf(key, LIMITS.skillNameChars),
      headOf(toText(part), LIMITS.skillDescriptionChars),
    ]),
  );
}

/** Returns the items of a list, or the words of a text. A space inside parentheses separates no words. */
function toWords(value: unknown): readonly string[] {
  const items = Array.isArray(value) ? value.map(String) : typeof value === "string" ? splitWords(value) : [];
  return items.slice(0, MAX_TOOLS).map((item) => headOf(item, LIMITS.skillNameChars));
}

const splitWords = (text: string): readonly string[] => text.match(/[^\s,(]+(?:\([^)]*\))?/g) ?? [];
