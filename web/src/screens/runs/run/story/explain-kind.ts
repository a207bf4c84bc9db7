import type { Texts } from "#web/i18n/texts.ts";

/** Returns the sentence for how a model call failed. Spans write it as a kind, with the provider's words behind. */
export function explainKind(error: string | undefined, { failures }: Texts["runs"]): string {
  const [kind = ""] = (error ?? "").split(":");
  return isKnown(failures, kind) ? failures[kind] : (error ?? failures.unknown);
}

const isKnown = (failures: Texts["runs"]["failures"], kind: string): kind is keyof Texts["runs"]["failures"] =>
  Object.hasOwn(failures, kind);
