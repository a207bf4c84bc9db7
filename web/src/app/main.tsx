import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { allowAddedStyles } from "#web/app/allow-added-styles.ts";
import { App } from "#web/app/app.tsx";
import { applyTheme, findTheme } from "#web/app/theme.ts";
import { findLanguage } from "#web/i18n/languages.ts";
import { loadTexts } from "#web/i18n/texts.ts";

allowAddedStyles();
applyTheme(findTheme());
const language = findLanguage();
const texts = await loadTexts(language);
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App first={{ language, texts }} />
    </StrictMode>,
  );
}
