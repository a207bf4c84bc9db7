import { X } from "lucide-react";
import { type ClipboardEvent, type KeyboardEvent, type Ref, useRef, useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { cn } from "#web/ui/classes.ts";
import { useFieldProps } from "#web/ui/fields/field.tsx";

interface TagsInputProps {
  readonly values: readonly string[];
  readonly onChange: (values: string[]) => void;
  readonly placeholder?: string;
  readonly name?: string;
  readonly disabled?: boolean | undefined;
  readonly onBlur?: () => void;
  readonly ref?: Ref<HTMLInputElement>;
  readonly "aria-label"?: string;
  readonly className?: string;
}

/** Use for a short list of words, such as tags or hosts. Enter and comma end a word, backspace removes the last. */
export function TagsInput({ values, onChange, placeholder, disabled, onBlur, className, ...props }: TagsInputProps) {
  const texts = useTexts().ui;
  const field = useFieldProps(props);
  const [text, setText] = useState("");
  const box = useRef<HTMLDivElement>(null);

  function add(more: readonly string[]) {
    const words = more.map((word) => word.trim()).filter(Boolean);
    const next = [...new Set([...values, ...words])];
    if (next.length > values.length) onChange(next);
    setText("");
  }
  function remove(value: string) {
    onChange(values.filter((other) => other !== value));
    box.current?.querySelector("input")?.focus();
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    if ((event.key === "Enter" || event.key === ",") && text.trim() !== "") {
      event.preventDefault();
      add([text]);
    } else if (event.key === "Backspace" && text === "") {
      const last = values.at(-1);
      if (last !== undefined) remove(last);
    }
  }
  function onPaste(event: ClipboardEvent) {
    const pasted = event.clipboardData.getData("text").split(/[,\n\t]/u);
    if (pasted.length < 2) return;
    event.preventDefault();
    add([text, ...pasted]);
  }

  return (
    <div
      ref={box}
      className={cn(
        "flex min-h-8 w-full flex-wrap items-center gap-1 rounded-lg border border-line-strong bg-raised px-1 py-[3px] transition-colors hover:border-soft has-[input[aria-invalid]]:border-bad has-[input:focus-visible]:border-accent has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-accent pointer-coarse:min-h-11",
        disabled && "bg-hover",
        className,
      )}
    >
      {values.map((value) => (
        <span
          key={value}
          className="inline-flex h-6 max-w-full items-center rounded bg-hover pl-1.5 text-table pointer-coarse:h-9"
        >
          <span className="truncate">{value}</span>
          <button
            type="button"
            aria-label={texts.remove(value)}
            disabled={disabled}
            onClick={() => remove(value)}
            className="focus-inset flex h-full w-6 shrink-0 items-center justify-center rounded text-faint hover:text-ink pointer-coarse:w-9"
          >
            <X aria-hidden className="size-3.5" />
          </button>
        </span>
      ))}
      <input
        {...props}
        {...field}
        value={text}
        disabled={disabled}
        placeholder={values.length === 0 ? placeholder : undefined}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        onBlur={() => {
          add([text]);
          onBlur?.();
        }}
        className="h-6 min-w-24 flex-1 bg-transparent px-1.5 outline-none focus-visible:outline-none pointer-coarse:text-base"
      />
    </div>
  );
}
