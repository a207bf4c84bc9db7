/** The languages of the dashboard, each in its own words. */
export const LANGUAGES = { en: "English", vi: "Tiếng Việt", zh: "中文" } as const;
export type Language = keyof typeof LANGUAGES;

const isLanguage = (text: string): text is Language => Object.hasOwn(LANGUAGES, text);

/** Where the chosen language is kept. */
const KEPT_IN = "goclaw.language";

/** Returns the language that the person chose, or else the first of the browser's that the dashboard speaks. */
export function findLanguage(): Language {
  const spoken = [localStorage.getItem(KEPT_IN) ?? "", ...navigator.languages].map((tag) => tag.slice(0, 2));
  return spoken.find(isLanguage) ?? "en";
}

export const keepLanguage = (language: Language): void => localStorage.setItem(KEPT_IN, language);
