import type { Texts } from "#web/i18n/texts.ts";
import { ui } from "#web/i18n/vi/ui.ts";

export const texts: Texts = { ui };
