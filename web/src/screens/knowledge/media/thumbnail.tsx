import { useFileUrl } from "#web/live/use-file-url.ts";
import { isPicture, KIND_ICONS, kindOfType, type Media } from "#web/screens/knowledge/media/media-kind.ts";

/** A larger picture, in bytes, is only loaded when it is opened. */
const MOST_BYTES = 2_000_000;

/** A small picture of a file, or a sign of its kind. The name beside it says what it is. */
export function Thumbnail({ media }: { readonly media: Media }) {
  return isPicture(media, MOST_BYTES) ? <Picture media={media} /> : <Sign media={media} />;
}

function Picture({ media }: { readonly media: Media }) {
  const { url, error } = useFileUrl("media.get", { id: media.id });
  if (error) return <Sign media={media} />;
  if (url === undefined) return <span aria-hidden="true" className="size-7 shrink-0 rounded bg-line" />;
  return <img src={url} alt="" className="size-7 shrink-0 rounded border border-line object-cover" />;
}

function Sign({ media }: { readonly media: Media }) {
  const Icon = KIND_ICONS[kindOfType(media.mime_type)];
  return (
    <span aria-hidden="true" className="grid size-7 shrink-0 place-items-center">
      <Icon className="size-4 text-faint" />
    </span>
  );
}
