import type { Texts } from "#web/i18n/texts.ts";
import { type Caller, hasRole } from "#web/live/caller.ts";

export type SettingsTab = keyof Texts["settings"]["tabs"];

/** Who may see each part, in the order in which they stand. */
const RULES: Readonly<Record<SettingsTab, (caller: Caller) => boolean>> = {
  providers: (caller) => hasRole(caller, "admin"),
  keys: (caller) => hasRole(caller, "admin"),
  people: (caller) => hasRole(caller, "owner"),
  configuration: (caller) => hasRole(caller, "owner"),
  activity: () => true,
  jobs: (caller) => hasRole(caller, "admin"),
  logs: (caller) => hasRole(caller, "admin") && caller.is_master_scope,
  browsers: () => true,
  about: () => true,
};

/** Returns the parts that a person may see, the first of which opens by itself. */
export const listSettingsTabs = (caller: Caller): readonly SettingsTab[] =>
  (Object.keys(RULES) as SettingsTab[]).filter((tab) => RULES[tab](caller));
