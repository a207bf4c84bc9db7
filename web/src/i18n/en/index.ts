import { ui } from "#web/i18n/en/ui.ts";

export const texts = { ui };
