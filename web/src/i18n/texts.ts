import type { Language } from "#web/i18n/languages.ts";

/** The texts of a language: plain texts, and functions for those with parameters. English says which there are. */
export type Texts = typeof import("#web/i18n/en/index.ts").texts;

/** Loads the texts of one language. */
export async function loadTexts(language: Language): Promise<Texts> {
  switch (language) {
    case "en":
      return (await import("#web/i18n/en/index.ts")).texts;
    case "vi":
      return (await import("#web/i18n/vi/index.ts")).texts;
    case "zh":
      return (await import("#web/i18n/zh/index.ts")).texts;
  }
}
