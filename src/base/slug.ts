import { z } from "zod";
import { isUuid } from "#base/ids.ts";

const SLUG = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const MAX_LENGTH = 100;

/** A name for use in URLs. Refuses names that look like a UUID, because routes accept both in the same place. */
export const Slug = z
  .string()
  .max(MAX_LENGTH)
  .regex(SLUG, "field.slug")
  .refine((text) => !isUuid(text), "field.slug");

export const isSlug = (text: string): boolean => Slug.safeParse(text).success;
