import { useState } from "react";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { type Drafts, toPatch, toValue } from "#web/screens/settings/configuration/written.ts";
import { Button } from "#web/ui/button.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { useToast } from "#web/ui/toast.tsx";

interface SaveBarProps {
  readonly drafts: Drafts;
  readonly file: OutputOf<"config.get">;
  readonly onSaved: () => void;
}

/** Saves all changes at once. A file that somebody else changed meanwhile is read again before anything is lost. */
export function SaveBar({ drafts, file, onSaved }: SaveBarProps) {
  const { settings, ui } = useTexts();
  const words = settings.configuration;
  const toast = useToast();
  const patch = useAction("config.patch");
  const read = useAction("config.get");
  const [conflict, setConflict] = useState(false);
  const changes = Object.values(drafts);
  if (changes.length === 0) return null;
  const isReady = changes.every(({ setting, written }) => typeof toValue(setting, written) !== "string");

  function save() {
    setConflict(false);
    patch.mutate(
      { raw: JSON.stringify(toPatch(drafts)), base_hash: file.hash },
      {
        onSuccess({ restart }) {
          onSaved();
          toast({ tone: restart ? "careful" : "good", title: restart ? words.savedRestart : words.saved });
        },
        onError({ details }) {
          if (details.reason !== "hash_mismatch") return;
          setConflict(true);
          // What is on screen is read again with it.
          read.mutate({});
        },
      },
    );
  }

  return (
    <div className="sticky bottom-0 z-20 grid gap-2 rounded-lg border border-line bg-raised p-3 shadow-float">
      {conflict ? (
        <Callout tone="careful" title={words.conflict}>
          {words.conflictHint}
        </Callout>
      ) : (
        patch.error && <Callout tone="bad" title={patch.error.message} />
      )}
      <div className="flex flex-wrap items-center gap-2">
        <p className="mr-auto">{words.unsaved(changes.length)}</p>
        <Button
          onClick={() => {
            patch.reset();
            onSaved();
          }}
        >
          {words.discard}
        </Button>
        <Button variant="primary" isBusy={patch.isPending} disabled={!isReady} onClick={save}>
          {ui.save}
        </Button>
      </div>
    </div>
  );
}
