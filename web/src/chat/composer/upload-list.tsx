import { FileText, X } from "lucide-react";
import type { Upload } from "#web/chat/composer/use-uploads.ts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { IconButton } from "#web/ui/button.tsx";
import { cn } from "#web/ui/classes.ts";

interface UploadListProps {
  readonly uploads: readonly Upload[];
  readonly onRemove: (key: string) => void;
}

/** The files that go with the next message, with what became of each. */
export function UploadList({ uploads, onRemove }: UploadListProps) {
  const { conversation: words } = useTexts();
  const format = useFormat();
  if (uploads.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-2">
      {uploads.map(({ key, name, bytes, state }) => (
        <li
          key={key}
          aria-busy={state.kind === "sending"}
          className={cn(
            "flex max-w-full items-center gap-2 rounded-lg border border-line bg-card py-1 pr-1 pl-2",
            state.kind === "refused" && "border-bad",
            state.kind === "sending" && "animate-shimmer",
          )}
        >
          <FileText aria-hidden className="size-4 shrink-0 text-faint" />
          <span className="flex min-w-0 flex-col">
            <span className="max-w-48 truncate">{name}</span>
            <span className={cn("tabular text-note text-soft", state.kind === "refused" && "text-bad")}>
              {state.kind === "refused"
                ? state.message
                : state.kind === "sending"
                  ? words.uploading
                  : format.bytes(bytes)}
            </span>
          </span>
          <IconButton icon={X} size="sm" label={words.removeFile(name)} onClick={() => onRemove(key)} />
        </li>
      ))}
    </ul>
  );
}
