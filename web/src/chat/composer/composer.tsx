import { ArrowUp, Paperclip, Square } from "lucide-react";
import { type ClipboardEvent, type DragEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { UploadList } from "#web/chat/composer/upload-list.tsx";
import { useUploads } from "#web/chat/composer/use-uploads.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useDrafts } from "#web/live/drafts.tsx";
import { IconButton } from "#web/ui/button.tsx";
import { cn } from "#web/ui/classes.ts";

export interface Draft {
  readonly text: string;
  /** Ids of uploads. */
  readonly attachments: readonly string[];
}

interface ComposerProps {
  /** Where it stands: what is written there is still there when a person comes back. */
  readonly place: string;
  readonly agentName: string;
  /** True while the agent works: what is sent then steers it, and it can be stopped. */
  readonly isBusy: boolean;
  /** Resolves when the message is stored. What it throws leaves the draft as it is. */
  readonly onSend: (draft: Draft) => Promise<unknown>;
  readonly onStop?: () => void;
  /** A text to begin with, such as that of a message to be edited. Another key begins anew. */
  readonly initialText?: string;
  readonly isDisabled?: boolean;
  /**
   * Where people come in order to write. On a touch screen the focus would open a keyboard, so it is taken `always` only
   * where a person is writing already.
   */
  readonly takesFocus?: "always" | "with keys";
}

/** Writes a message with attachments. Enter sends it, Shift and Enter begin a new line. */
export function Composer(props: ComposerProps) {
  const { place, agentName, isBusy, onSend, onStop, initialText = "", isDisabled = false, takesFocus } = props;
  const { conversation: words } = useTexts();
  const drafts = useDrafts();
  const [text, setText] = useState(() => initialText || drafts.get(place));
  const write = (next: string) => {
    setText(next);
    drafts.set(place, next);
  };
  const [isSending, setIsSending] = useState(false);
  const [isDropping, setIsDropping] = useState(false);
  const { uploads, add, remove, clear, restore } = useUploads();
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const field = area.current;
    const hasKeys = takesFocus === "with keys" && matchMedia("(pointer: fine)").matches;
    if (!field || !(initialText || takesFocus === "always" || hasKeys)) return;
    field.focus();
    // A person goes on where the text ends.
    field.setSelectionRange(field.value.length, field.value.length);
  }, [initialText, takesFocus]);

  const attachments = uploads.flatMap(({ state }) => (state.kind === "ready" ? [state.id] : []));
  const isComplete = uploads.every(({ state }) => state.kind !== "sending");
  const maySend = !isSending && !isDisabled && isComplete && text.trim() !== "";

  async function send() {
    if (!maySend) return;
    // The field is free at once, so that nobody's next words mix with what is on its way.
    write("");
    clear();
    setIsSending(true);
    try {
      await onSend({ text, attachments });
    } catch {
      // Who owns the conversation shows why. The draft comes back before what was written since.
      write([text, drafts.get(place)].filter((part) => part !== "").join("\n"));
      restore(uploads);
    }
    setIsSending(false);
    area.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    // Enter also ends the composition of a Vietnamese or Chinese word, and must not send it.
    const composes = event.nativeEvent.isComposing || event.keyCode === 229;
    if (event.key === "Enter" && !event.shiftKey && !composes) {
      event.preventDefault();
      void send();
    }
    if (event.key === "Escape" && isBusy) onStop?.();
  }

  function onPaste(event: ClipboardEvent) {
    const { files } = event.clipboardData;
    if (files.length === 0) return;
    event.preventDefault();
    add(files);
  }

  function onDrop(event: DragEvent) {
    event.preventDefault();
    setIsDropping(false);
    add(event.dataTransfer.files);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files are dropped anywhere on it, and the button does the same
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setIsDropping(event.dataTransfer.types.includes("Files"));
      }}
      onDragLeave={() => setIsDropping(false)}
      onDrop={onDrop}
      className={cn(
        "relative flex flex-col gap-2 rounded-lg border border-line-strong bg-raised p-2 focus-within:border-accent",
        isDropping && "border-accent border-dashed",
      )}
    >
      {isDropping && (
        <p className="pointer-events-none absolute inset-0 z-10 flex items-center justify-center rounded-lg bg-raised/90 text-accent">
          {words.dropHere}
        </p>
      )}
      <UploadList uploads={uploads} onRemove={remove} />
      <textarea
        ref={area}
        value={text}
        onChange={(event) => write(event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        rows={1}
        disabled={isDisabled}
        aria-label={words.message}
        placeholder={uploads.length > 0 ? words.aboutFiles : words.placeholder(agentName)}
        dir="auto"
        className="field-sizing-content max-h-60 min-h-8 w-full resize-none bg-transparent px-1 py-1 outline-none placeholder:text-faint pointer-coarse:text-base"
      />
      <div className="flex items-center gap-1">
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={({ target }) => {
            add(target.files ?? []);
            target.value = "";
          }}
        />
        <IconButton
          icon={Paperclip}
          label={words.attach}
          onClick={() => picker.current?.click()}
          disabled={isDisabled}
        />
        <span className="flex-1" />
        {isBusy && onStop && <IconButton icon={Square} label={words.stop} variant="secondary" onClick={onStop} />}
        <IconButton
          icon={ArrowUp}
          label={isBusy ? words.steer : words.send}
          onClick={() => void send()}
          disabled={!maySend}
          isBusy={isSending}
          className="bg-accent text-on-accent hover:bg-accent-hover hover:text-on-accent disabled:bg-hover disabled:text-faint"
        />
      </div>
    </div>
  );
}
