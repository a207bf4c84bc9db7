import { FileText } from "lucide-react";
import type { MediaPart } from "#web/chat/transcript/to-items.ts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";

interface MediaListProps {
  readonly media: readonly MediaPart[];
  readonly sessionKey: string;
}

/** The images and files of a message. Each opens by itself. */
export function MediaList({ media, sessionKey }: MediaListProps) {
  const { conversation: words } = useTexts();
  const format = useFormat();
  if (media.length === 0) return null;
  const toUrl = ({ blob }: MediaPart) => `/v1/sessions/${encodeURIComponent(sessionKey)}/media/${blob}`;
  return (
    <ul className="flex flex-wrap gap-2">
      {media.map((part, index) => {
        const name = (part.type === "file" && part.filename) || words.agentFile;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a message may hold the same file twice
          <li key={`${part.blob} ${index}`}>
            <a href={toUrl(part)} target="_blank" rel="noopener noreferrer">
              {part.type === "image" ? (
                <img
                  src={toUrl(part)}
                  alt={name}
                  loading="lazy"
                  className="max-h-48 max-w-full rounded-lg border border-line"
                />
              ) : (
                <span className="flex h-10 items-center gap-2 rounded-lg border border-line bg-card px-3 hover:border-line-strong">
                  <FileText aria-hidden className="size-4 text-faint" />
                  <span className="max-w-56 truncate">{name}</span>
                  <span className="tabular text-note text-soft">{format.bytes(part.bytes)}</span>
                </span>
              )}
            </a>
          </li>
        );
      })}
    </ul>
  );
}
