import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

const merge = extendTailwindMerge({
  extend: { theme: { text: ["title", "body", "table", "note", "code"], shadow: ["float"] } },
});

/** Joins classes. A later one wins over an earlier one that sets the same property. */
export const cn = (...inputs: ClassValue[]): string => merge(clsx(inputs));
