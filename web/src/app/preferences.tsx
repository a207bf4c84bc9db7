import { createContext, useContext } from "react";
import type { Theme } from "#web/app/theme.ts";
import type { Language } from "#web/i18n/languages.ts";

/** What a person chose for this browser. */
export interface PreferencesValue {
  readonly theme: Theme;
  readonly setTheme: (theme: Theme) => void;
  readonly setLanguage: (language: Language) => Promise<void>;
}

const PreferencesContext = createContext<PreferencesValue | undefined>(undefined);
export const Preferences = PreferencesContext.Provider;

export function usePreferences(): PreferencesValue {
  const preferences = useContext(PreferencesContext);
  if (!preferences) throw new Error("there are no Preferences above");
  return preferences;
}
