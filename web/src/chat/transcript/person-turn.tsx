import { ChevronLeft, ChevronRight, Pencil } from "lucide-react";
import { MediaList } from "#web/chat/transcript/media-list.tsx";
import type { PersonItem } from "#web/chat/transcript/to-items.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Badge } from "#web/ui/badge.tsx";
import { IconButton } from "#web/ui/button.tsx";
import { cn } from "#web/ui/classes.ts";
import { CopyButton } from "#web/ui/text/copy-button.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

/** The place of a message among those that were said instead of each other. */
export interface Version {
  /** Counts from 1. */
  readonly place: number;
  readonly count: number;
  /** Opens the version at a place. */
  readonly open: (place: number) => void;
}

interface PersonTurnProps {
  readonly item: PersonItem;
  readonly sessionKey: string;
  readonly onEdit?: ((item: PersonItem) => void) | undefined;
  /** Absent where nothing else was said instead. */
  readonly version?: Version | undefined;
}

/** What a person said, as it was written. */
export function PersonTurn({ item, sessionKey, onEdit, version }: PersonTurnProps) {
  const { conversation: words } = useTexts();
  const { text, author, isFollowUp, media, at } = item;
  return (
    <article aria-label={author ?? words.you} className="group flex flex-col items-end gap-1">
      <div className="flex min-w-0 max-w-[85%] flex-col gap-2 rounded-lg bg-selected px-3 py-2">
        {(author || isFollowUp) && (
          <span className="flex items-center gap-2 text-note text-soft">
            {author} {isFollowUp && <Badge>{words.followUp}</Badge>}
          </span>
        )}
        {text && (
          <p dir="auto" className="whitespace-pre-wrap break-words">
            {text}
          </p>
        )}
        <MediaList media={media} sessionKey={sessionKey} />
      </div>
      <div
        className={cn(
          "flex items-center gap-1 text-faint text-note focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100",
          !version && "opacity-0",
        )}
      >
        {version && <VersionSwitch version={version} />}
        <TimeText iso={at} />
        <CopyButton text={text} />
        {onEdit && item.messageId !== "" && (
          <IconButton icon={Pencil} label={words.edit} onClick={() => onEdit(item)} />
        )}
      </div>
    </article>
  );
}

/** Goes from one version of a message to the next. */
function VersionSwitch({ version: { place, count, open } }: { readonly version: Version }) {
  const { conversation: words } = useTexts();
  return (
    <span className="tabular flex items-center">
      <IconButton
        icon={ChevronLeft}
        size="sm"
        label={words.versionBefore}
        disabled={place === 1}
        onClick={() => open(place - 1)}
      />
      {words.version(String(place), String(count))}
      <IconButton
        icon={ChevronRight}
        size="sm"
        label={words.versionAfter}
        disabled={place === count}
        onClick={() => open(place + 1)}
      />
    </span>
  );
}
