import { Download, FileQuestion } from "lucide-react";
import { useState } from "react";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { Answered, Refused } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useCall } from "#web/live/use-call.ts";
import { useDownload } from "#web/live/use-download.ts";
import { useFileUrl } from "#web/live/use-file-url.ts";
import { DeleteMedia } from "#web/screens/knowledge/media/delete-media.tsx";
import { isPicture, type Media } from "#web/screens/knowledge/media/media-kind.ts";
import { Button } from "#web/ui/button.tsx";
import { Drawer } from "#web/ui/dialogs/drawer.tsx";
import { Facts } from "#web/ui/page/facts.tsx";
import { EmptyState, LoadingState } from "#web/ui/states.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

/** More than this, in bytes, a browser shows slowly. */
const MOST_BYTES = 20_000_000;

interface MediaDrawerProps {
  readonly id: string;
  /** The file, if the list has it. */
  readonly listed: Media | undefined;
  readonly onClose: () => void;
}

/** An uploaded file, over the list. Only pictures are shown. */
export function MediaDrawer({ id, listed, onClose }: MediaDrawerProps) {
  const { knowledge: words, ui } = useTexts();
  const mayDelete = hasRole(useCaller(), "operator");
  const download = useDownload();
  const [isDeleting, setIsDeleting] = useState(false);
  // A link may lead to a file that the list has not loaded.
  const sought = useCall("media.list", { q: id, limit: 1 }, { isEnabled: listed === undefined });
  const media = listed ?? sought.data?.media.find((found) => found.id === id);
  return (
    <Drawer
      isOpen
      onClose={onClose}
      title={media?.filename ?? words.media}
      className="w-[min(48rem,100vw)]"
      footer={
        media && (
          <>
            {mayDelete && (
              <Button variant="ghost" className="mr-auto text-bad hover:text-bad" onClick={() => setIsDeleting(true)}>
                {ui.delete}
              </Button>
            )}
            <Button icon={Download} onClick={() => void download("media.get", { id }, media.filename)}>
              {words.download}
            </Button>
          </>
        )
      }
    >
      {media ? (
        <>
          <MediaFacts media={media} />
          <Preview media={media} />
          <DeleteMedia media={media} isOpen={isDeleting} onClose={() => setIsDeleting(false)} onDeleted={onClose} />
        </>
      ) : (
        <Answered query={sought}>{() => <EmptyState icon={FileQuestion} title={words.mediaGone} />}</Answered>
      )}
    </Drawer>
  );
}

function MediaFacts({ media: { mime_type, size, user_id, created_at } }: { readonly media: Media }) {
  const { knowledge: words } = useTexts();
  const format = useFormat();
  return (
    <Facts
      className="mb-4"
      items={[
        { label: words.kind, value: mime_type },
        { label: words.size, value: format.bytes(size) },
        ...(user_id === undefined ? [] : [{ label: words.whose, value: user_id }]),
        { label: words.uploaded, value: <TimeText iso={created_at} mode="dateTime" /> },
      ]}
    />
  );
}

function Preview({ media }: { readonly media: Media }) {
  const { knowledge: words } = useTexts();
  if (isPicture(media, MOST_BYTES)) return <Picture media={media} />;
  return <EmptyState icon={FileQuestion} title={words.noPreview} hint={words.noPreviewHint} />;
}

function Picture({ media: { id, filename } }: { readonly media: Media }) {
  const { url, error, refetch } = useFileUrl("media.get", { id });
  if (error) return <Refused error={error} onRetry={refetch} />;
  if (url === undefined) return <LoadingState />;
  return <img src={url} alt={filename} className="max-w-full rounded-lg border border-line" />;
}
