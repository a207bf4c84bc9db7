import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import type { LogLine } from "#web/screens/settings/logs/use-log.ts";
import { Drawer } from "#web/ui/dialogs/drawer.tsx";
import { Section } from "#web/ui/page/card.tsx";
import { Facts } from "#web/ui/page/facts.tsx";
import { JsonView } from "#web/ui/text/json-view.tsx";

interface LogDrawerProps {
  readonly line: LogLine;
  readonly onClose: () => void;
}

/** One line of the log with all of its values. */
export function LogDrawer({ line: { timestamp, level, message, attrs }, onClose }: LogDrawerProps) {
  const { settings } = useTexts();
  const words = settings.logs;
  const format = useFormat();
  const iso = new Date(timestamp).toISOString();
  return (
    <Drawer isOpen onClose={onClose} title={words.line}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
        <Facts
          items={[
            { label: words.message, value: message },
            { label: words.level, value: words.levels[level] },
            { label: words.time, value: <span className="tabular">{`${format.dateTime(iso)} · ${iso}`}</span> },
          ]}
        />
        <Section title={words.values}>
          <JsonView value={attrs} label={words.values} depth={4} />
        </Section>
      </div>
    </Drawer>
  );
}
