import type { Texts } from "#web/i18n/texts.ts";

export const channels: Texts["channels"] = {};
