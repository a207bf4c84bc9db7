import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import { ConfigNotices } from "#web/screens/settings/configuration/config-notices.tsx";
import { LeaveGuard } from "#web/screens/settings/configuration/leave-guard.tsx";
import { type ConfigSection, readSchema, type Setting } from "#web/screens/settings/configuration/read-schema.ts";
import { SaveBar } from "#web/screens/settings/configuration/save-bar.tsx";
import { SectionList } from "#web/screens/settings/configuration/section-list.tsx";
import { SettingRow } from "#web/screens/settings/configuration/setting-row.tsx";
import { type Drafts, isSame, toWritten, valueAt, type Written } from "#web/screens/settings/configuration/written.ts";
import { SearchInput } from "#web/ui/fields/search-input.tsx";
import { Card } from "#web/ui/page/card.tsx";
import { Toolbar } from "#web/ui/page/page.tsx";
import { EmptyState } from "#web/ui/states.tsx";

/** The gateway's own settings, as a form that is made from their schema. For owners. */
export function ConfigurationTab() {
  const schema = useCall("config.schema", {});
  const config = useCall("config.get", {});
  return (
    <Answered query={schema}>
      {({ json }) => <Answered query={config}>{(file) => <ConfigForm schema={json} file={file} />}</Answered>}
    </Answered>
  );
}

interface ConfigFormProps {
  readonly schema: OutputOf<"config.schema">["json"];
  readonly file: OutputOf<"config.get">;
}

function ConfigForm({ schema, file }: ConfigFormProps) {
  const { settings } = useTexts();
  const words = settings.configuration;
  const { q = "", item } = useSearch({ from: "/settings" });
  const navigate = useNavigate({ from: "/settings" });
  const [drafts, setDrafts] = useState<Drafts>({});
  const sections = useMemo(() => readSchema(schema), [schema]);
  const shown = useMemo(() => findSections(sections, q, item), [sections, q, item]);

  function write(setting: Setting, written: Written) {
    const value = valueAt(file.config, setting.path);
    setDrafts(({ [setting.path]: draft, ...others }) =>
      written !== null && isSame(written, toWritten(setting, value))
        ? others
        : { ...others, [setting.path]: { setting, written, base: draft ? draft.base : value } },
    );
  }
  const undo = (path: string) => setDrafts(({ [path]: _, ...others }) => others);

  return (
    <>
      <LeaveGuard changes={Object.keys(drafts).length} />
      <ConfigNotices file={file} />
      <Toolbar end={<span className="truncate font-mono text-code max-sm:hidden">{file.path}</span>}>
        <SearchInput
          value={q}
          onChange={(q) => void navigate({ search: (before) => ({ ...before, q }), replace: true })}
          placeholder={words.search}
          shortcut="/"
        />
      </Toolbar>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 sm:grid-cols-[11rem_minmax(0,1fr)] sm:gap-6">
        <SectionList sections={sections} chosen={q === "" ? shown[0]?.key : undefined} drafts={drafts} />
        <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
          {shown.length === 0 && <EmptyState title={words.noMatch} />}
          {shown.map(({ key, description, settings }) => (
            <Card key={key} title={<span className="font-mono">{key}</span>} className="overflow-clip">
              <p className="-mt-1 mb-2 text-soft">{description}</p>
              <div className="-mx-4 -mb-4">
                {settings.map((setting) => (
                  <SettingRow
                    key={setting.path}
                    setting={setting}
                    value={valueAt(file.config, setting.path)}
                    draft={drafts[setting.path]}
                    isFromFile={isAmong(file.from_file, setting.path)}
                    isFromEnvironment={isAmong(file.from_environment, setting.path)}
                    isWaiting={isAmong(file.restart_keys, setting.path)}
                    onWrite={(written) => write(setting, written)}
                    onUndo={() => undo(setting.path)}
                  />
                ))}
              </div>
            </Card>
          ))}
          <SaveBar drafts={drafts} file={file} onSaved={() => setDrafts({})} />
        </div>
      </div>
    </>
  );
}

/** Returns whether a key, or what holds it, is among keys. */
const isAmong = (keys: readonly string[], path: string): boolean =>
  keys.some((key) => key === path || path.startsWith(`${key}.`));

/** Returns the chosen section, or with a search what matches in all of them. */
function findSections(sections: readonly ConfigSection[], search: string, chosen: string | undefined) {
  const words = search.toLowerCase().split(/\s+/u).filter(Boolean);
  if (words.length === 0)
    return [sections.find(({ key }) => key === chosen) ?? sections[0]].flatMap((one) => one ?? []);
  const matches = ({ path, description, environment }: Setting) => {
    const hay = `${path} ${description} ${environment}`.toLowerCase();
    return words.every((word) => hay.includes(word));
  };
  return sections
    .map((section) => ({ ...section, settings: section.settings.filter(matches) }))
    .filter(({ settings }) => settings.length > 0);
}
