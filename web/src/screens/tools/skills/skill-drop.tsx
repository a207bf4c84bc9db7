import { FileArchive } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useSkillUpload } from "#web/screens/tools/skills/use-skill-upload.ts";
import { Button } from "#web/ui/button.tsx";
import { cn } from "#web/ui/classes.ts";
import { Callout } from "#web/ui/page/callout.tsx";

/** Takes the ZIP of a skill, dropped or chosen, and says what became of it. */
export function SkillDrop() {
  const { tools: words } = useTexts();
  const upload = useSkillUpload();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);

  function take(files: FileList | null) {
    const [file] = files ?? [];
    if (file && !upload.isPending) upload.mutate(file);
  }
  function onDrop(event: DragEvent) {
    event.preventDefault();
    setIsOver(false);
    take(event.dataTransfer.files);
  }
  return (
    <div className="grid gap-3">
      <section
        aria-label={words.uploadSkill}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={onDrop}
        className={cn(
          "flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-line-strong border-dashed px-4 py-3 transition-colors",
          isOver && "border-accent bg-accent-soft",
        )}
      >
        <FileArchive aria-hidden className="size-5 shrink-0 text-faint" />
        <p className="min-w-0 flex-1 basis-56 text-soft">{words.dropSkill}</p>
        <input
          ref={input}
          type="file"
          accept=".zip,application/zip"
          hidden
          aria-label={words.uploadSkill}
          onChange={({ target }) => {
            take(target.files);
            target.value = "";
          }}
        />
        <Button isBusy={upload.isPending} onClick={() => input.current?.click()}>
          {words.chooseZip}
        </Button>
      </section>
      <div aria-live="polite" className="grid gap-3 empty:hidden">
        {upload.error && (
          <Callout tone="bad" title={words.notUploaded}>
            {upload.error.message}
          </Callout>
        )}
        {upload.data && <Uploaded result={upload.data} />}
      </div>
    </div>
  );
}

function Uploaded({ result }: { readonly result: OutputOf<"skills.upload"> }) {
  const { tools: words } = useTexts();
  const { name, version, status, missing_deps = [], warnings = [] } = result;
  const hasNotes = missing_deps.length > 0 || warnings.length > 0;
  return (
    <Callout
      tone={status === "archived" || hasNotes ? "careful" : "good"}
      title={status === "unchanged" ? words.skillUnchanged(name) : words.skillUploaded(name, version)}
    >
      {hasNotes && (
        <ul className="list-disc pl-4">
          {missing_deps.length > 0 && <li>{words.missingPrograms(missing_deps.join(", "))}</li>}
          {warnings.map((warning) => (
            <li key={warning}>{words.skillWarnings[warning]}</li>
          ))}
        </ul>
      )}
    </Callout>
  );
}
