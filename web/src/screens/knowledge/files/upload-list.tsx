import { useTexts } from "#web/i18n/use-texts.tsx";
import type { FileUpload } from "#web/screens/knowledge/files/use-file-uploads.ts";
import { Button } from "#web/ui/button.tsx";
import { Card } from "#web/ui/page/card.tsx";
import { Status } from "#web/ui/status.tsx";

interface UploadListProps {
  readonly uploads: readonly FileUpload[];
  readonly onClear: () => void;
}

const TONES = { waiting: "idle", sending: "live", done: "good", failed: "bad" } as const;

/** How uploads stand, until a person has seen it. */
export function UploadList({ uploads, onClear }: UploadListProps) {
  const { knowledge: words, ui } = useTexts();
  if (uploads.length === 0) return null;
  const isBusy = uploads.some(({ state }) => state === "waiting" || state === "sending");
  return (
    <Card
      title={words.uploads}
      actions={
        !isBusy && (
          <Button size="sm" variant="ghost" onClick={onClear}>
            {ui.close}
          </Button>
        )
      }
    >
      <ul className="grid max-h-48 gap-1 overflow-y-auto text-table">
        {uploads.map(({ key, name, state, message }) => (
          <li key={key} className="flex min-w-0 items-center gap-3">
            <span className="min-w-0 flex-1 truncate">{name}</span>
            {message !== undefined && <span className="min-w-0 flex-1 truncate text-bad">{message}</span>}
            <Status tone={TONES[state]}>{words.uploadStates[state]}</Status>
          </li>
        ))}
      </ul>
    </Card>
  );
}
