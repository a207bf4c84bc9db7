import type { Texts } from "#web/i18n/texts.ts";

export const runs: Texts["runs"] = {};
