import { useNavigate } from "@tanstack/react-router";
import { useTexts } from "#web/i18n/use-texts.tsx";
import type { ConfigSection } from "#web/screens/settings/configuration/read-schema.ts";
import type { Drafts } from "#web/screens/settings/configuration/written.ts";
import { Badge } from "#web/ui/badge.tsx";
import { cn } from "#web/ui/classes.ts";
import { Select } from "#web/ui/fields/select.tsx";
import { useRenderLink } from "#web/ui/link.tsx";

interface SectionListProps {
  readonly sections: readonly ConfigSection[];
  /** Undefined while a search shows several. */
  readonly chosen: string | undefined;
  readonly drafts: Drafts;
}

/** The sections of the configuration, with how many changes each has. On a phone they are one choice. */
export function SectionList({ sections, chosen, drafts }: SectionListProps) {
  const { settings } = useTexts();
  const words = settings.configuration;
  const renderLink = useRenderLink();
  const navigate = useNavigate();
  const paths = Object.keys(drafts);
  const countOf = (key: string) => paths.filter((path) => path.startsWith(`${key}.`)).length;
  return (
    <>
      <nav aria-label={words.section} className="sticky top-4 hidden gap-0.5 sm:grid">
        {sections.map(({ key }) => (
          <span key={key} className="contents">
            {renderLink({
              href: `/settings?tab=configuration&item=${key}`,
              className: cn(
                "flex h-8 items-center justify-between gap-2 rounded-md px-2 font-mono text-code text-soft hover:bg-hover hover:text-ink",
                key === chosen && "bg-selected text-ink",
              ),
              ...(key === chosen && { "aria-current": "true" as const }),
              children: (
                <>
                  {key}
                  {countOf(key) > 0 && <Badge tone="live">{countOf(key)}</Badge>}
                </>
              ),
            })}
          </span>
        ))}
      </nav>
      <div className="sm:hidden">
        <Select
          aria-label={words.section}
          value={chosen ?? ""}
          placeholder={words.section}
          onValueChange={(item) => void navigate({ to: "/settings", search: { tab: "configuration", item } })}
          options={sections.map(({ key }) => ({ value: key, label: key }))}
        />
      </div>
    </>
  );
}
