import { createHash } from "node:crypto";
import { isUuid } from "#base/ids.ts";
import { toSlug } from "#base/slug.ts";

const HASH_CHARS = 8;

/**
 * Returns the slug of a skill: letters without marks, digits and hyphens. A name without such letters, as in Chinese,
 * takes the slug of its folder, or one that no other name has.
 */
export function toSkillSlug(name: string, folder: string | undefined): string {
  const slug = toSlug(name) || toSlug(folder ?? "");
  if (slug.length > 1 && !isUuid(slug)) return slug;
  const hash = createHash("sha256").update(name.normalize("NFC")).digest("hex").slice(0, HASH_CHARS);
  return `skill-${slug.length === 1 ? slug : hash}`;
}
