import { FileText } from "lucide-react";
import type { MediaPart } from "#web/chat/transcript/to-items.ts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { useDownload } from "#web/live/use-download.ts";
import { useFileUrl } from "#web/live/use-file-url.ts";

interface MediaListProps {
  readonly media: readonly MediaPart[];
  readonly sessionKey: string;
}

/** The images and files of a message. An image opens by itself, and a file is saved. */
export function MediaList({ media, sessionKey }: MediaListProps) {
  if (media.length === 0) return null;
  return (
    <ul className="flex min-w-0 flex-wrap gap-2">
      {media.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a message may hold the same file twice
        <li key={`${part.blob} ${index}`} className="min-w-0 max-w-full">
          {part.type === "image" ? (
            <Image blob={part.blob} sessionKey={sessionKey} />
          ) : (
            <FileButton part={part} sessionKey={sessionKey} />
          )}
        </li>
      ))}
    </ul>
  );
}

function Image({ blob, sessionKey }: { readonly blob: string; readonly sessionKey: string }) {
  const { conversation: words } = useTexts();
  const { url } = useFileUrl("sessions.media.get", { key: sessionKey, blob });
  if (url === undefined) return <span className="block h-32 w-48 animate-shimmer rounded-lg bg-line" />;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      <img src={url} alt={words.image} className="max-h-48 max-w-full rounded-lg border border-line" />
    </a>
  );
}

interface FileButtonProps {
  readonly part: Extract<MediaPart, { type: "file" }>;
  readonly sessionKey: string;
}

function FileButton({ part: { blob, bytes, filename }, sessionKey: key }: FileButtonProps) {
  const { conversation: words } = useTexts();
  const format = useFormat();
  const download = useDownload();
  const name = filename || words.agentFile;
  return (
    <button
      type="button"
      onClick={() => void download("sessions.media.get", { key, blob }, name)}
      className="flex h-10 max-w-full items-center gap-2 rounded-lg border border-line bg-card px-3 hover:border-line-strong"
    >
      <FileText aria-hidden className="size-4 shrink-0 text-faint" />
      <span className="min-w-0 max-w-56 truncate">{name}</span>
      <span className="tabular text-note text-soft">{format.bytes(bytes)}</span>
    </button>
  );
}
