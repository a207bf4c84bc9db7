import { z } from "zod";
import { isUuid } from "#base/ids.ts";
import { withoutAccents } from "#base/texts/fold-text.ts";

const SLUG = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const MAX_LENGTH = 100;

/** A name for use in URLs. Refuses names that look like a UUID, because routes accept both in the same place. */
export const Slug = z
  .string()
  .max(MAX_LENGTH)
  .regex(SLUG, "field.slug")
  .refine((text) => !isUuid(text), "field.slug");

export const isSlug = (text: string): boolean => Slug.safeParse(text).success;

const MADE_LENGTH = 64;

/** Makes a slug of a name: its letters without marks, its digits, and hyphens. Empty if the name has none of them. */
export const toSlug = (name: string): string =>
  withoutAccents(name)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+/g, "")
    .slice(0, MADE_LENGTH)
    .replaceAll(/-+$/g, "");
