import { createHash } from "node:crypto";
import { withoutAccents } from "#base/fold-text.ts";
import { isUuid } from "#base/ids.ts";

const MAX_CHARS = 64;
const HASH_CHARS = 8;

/**
 * Returns the slug of a skill: letters without marks, digits and hyphens. A name without such letters, as in Chinese,
 * takes the slug of its folder, or one that no other name has.
 */
export function toSkillSlug(name: string, folder: string | undefined): string {
  const slug = slugify(name) || slugify(folder ?? "");
  if (slug.length > 1 && !isUuid(slug)) return slug;
  const hash = createHash("sha256").update(name.normalize("NFC")).digest("hex").slice(0, HASH_CHARS);
  return `skill-${slug.length === 1 ? slug : hash}`;
}

const slugify = (text: string): string =>
  withoutAccents(text)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+/g, "")
    .slice(0, MAX_CHARS)
    .replaceAll(/-+$/g, "");
