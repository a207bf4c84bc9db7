import { createContext, type ReactNode, useContext, useMemo } from "react";
import { createFormat, type Format } from "#web/i18n/format.ts";
import type { Language } from "#web/i18n/languages.ts";
import type { Texts } from "#web/i18n/texts.ts";

interface Words {
  readonly language: Language;
  readonly texts: Texts;
  readonly format: Format;
}

const WordsContext = createContext<Words | undefined>(undefined);

interface TextsProviderProps {
  readonly language: Language;
  readonly texts: Texts;
  readonly children: ReactNode;
}

/** Gives everything below it the texts of a language. */
export function TextsProvider({ language, texts, children }: TextsProviderProps) {
  const words = useMemo(() => ({ language, texts, format: createFormat(language) }), [language, texts]);
  return <WordsContext value={words}>{children}</WordsContext>;
}

function useWords(): Words {
  const words = useContext(WordsContext);
  if (!words) throw new Error("there is no TextsProvider above");
  return words;
}

export const useTexts = (): Texts => useWords().texts;
export const useFormat = (): Format => useWords().format;
export const useLanguage = (): Language => useWords().language;
