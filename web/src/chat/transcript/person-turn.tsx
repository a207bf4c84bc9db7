import { Pencil } from "lucide-react";
import { MediaList } from "#web/chat/transcript/media-list.tsx";
import type { PersonItem } from "#web/chat/transcript/to-items.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Badge } from "#web/ui/badge.tsx";
import { IconButton } from "#web/ui/button.tsx";
import { CopyButton } from "#web/ui/text/copy-button.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

interface PersonTurnProps {
  readonly item: PersonItem;
  readonly sessionKey: string;
  readonly onEdit?: ((item: PersonItem) => void) | undefined;
}

/** What a person said, as it was written. */
export function PersonTurn({ item, sessionKey, onEdit }: PersonTurnProps) {
  const { conversation: words } = useTexts();
  const { text, author, isFollowUp, media, at } = item;
  return (
    <article aria-label={author ?? words.you} className="group flex flex-col items-end gap-1">
      <div className="flex max-w-[85%] flex-col gap-2 rounded-lg bg-selected px-3 py-2">
        {(author || isFollowUp) && (
          <span className="flex items-center gap-2 text-note text-soft">
            {author} {isFollowUp && <Badge>{words.followUp}</Badge>}
          </span>
        )}
        {text && <p className="whitespace-pre-wrap break-words">{text}</p>}
        <MediaList media={media} sessionKey={sessionKey} />
      </div>
      <div className="flex items-center gap-1 text-faint text-note opacity-0 focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
        <TimeText iso={at} />
        <CopyButton text={text} />
        {onEdit && item.messageId !== "" && (
          <IconButton icon={Pencil} label={words.edit} onClick={() => onEdit(item)} />
        )}
      </div>
    </article>
  );
}
