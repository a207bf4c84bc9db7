import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Drawer } from "#web/ui/dialogs/drawer.tsx";
import { TextLink } from "#web/ui/link.tsx";
import { Section } from "#web/ui/page/card.tsx";
import { Facts } from "#web/ui/page/facts.tsx";
import { IdText } from "#web/ui/text/id-text.tsx";
import { JsonView } from "#web/ui/text/json-view.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

interface ActivityDrawerProps {
  readonly log: OutputOf<"activity.list">["logs"][number];
  readonly onClose: () => void;
}

/** One change in full, and ways to all others like it. */
export function ActivityDrawer({ log, onClose }: ActivityDrawerProps) {
  const { settings } = useTexts();
  const words = settings.activity;
  const { id, action, actor_id, actor_type, entity_type, entity_id, ip_address, created_at, details } = log;
  const linkTo = (name: string, value: string) => (
    <TextLink href={`/settings?${new URLSearchParams({ tab: "activity", [name]: value })}`}>{words.more}</TextLink>
  );
  const withLink = (text: string, name: string, value: string) => (
    <span className="flex flex-wrap items-baseline gap-x-3">
      <span className="min-w-0 break-all">{text}</span>
      {linkTo(name, value)}
    </span>
  );
  return (
    <Drawer isOpen onClose={onClose} title={action}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
        <Facts
          items={[
            { label: words.what, value: withLink(action, "action", action) },
            {
              label: words.who,
              value: withLink(`${actor_id} (${words.actors[actor_type] ?? actor_type})`, "actor", actor_id),
            },
            { label: words.kind, value: withLink(entity_type, "entity", entity_type) },
            { label: words.entity, value: entity_id || "—" },
            { label: words.from, value: ip_address ?? "—" },
            { label: words.when, value: <TimeText iso={created_at} mode="dateTime" /> },
            { label: "ID", value: <IdText id={id} /> },
          ]}
        />
        <Section title={words.details}>
          <JsonView value={details} label={words.details} depth={4} />
        </Section>
      </div>
    </Drawer>
  );
}
