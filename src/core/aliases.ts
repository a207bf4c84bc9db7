/** Other names of input fields that clients of GoClaw send, by the name that the field has. */
const ALIASES: ReadonlyMap<string, string> = new Map([["budget_monthly_cents", "monthly_cents"]]);
const OTHER_NAMES = new Set(ALIASES.values());

/** Returns the other name under which every operation takes a field. Ids and keys are also taken in camel case. */
export function aliasOf(field: string): string | undefined {
  if (/_(?:id|key)$/.test(field)) return field.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return ALIASES.get(field);
}

/** Returns false for the names that `aliasOf` never returns: those of nearly all input. */
export const mayBeAlias = (name: string): boolean => /[A-Z]/.test(name) || OTHER_NAMES.has(name);
