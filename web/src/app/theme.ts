export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEPT_IN = "goclaw.theme";

export const findTheme = (): Theme => THEMES.find((theme) => theme === localStorage.getItem(KEPT_IN)) ?? "system";

export const keepTheme = (theme: Theme): void => localStorage.setItem(KEPT_IN, theme);

/** Shows a theme. `system` follows the setting of the machine, also when it changes. */
export function applyTheme(theme: Theme): void {
  if (theme === "system") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.dataset.theme = theme;
}
