import type { Texts } from "#web/i18n/texts.ts";

export const usage: Texts["usage"] = {};
