import { Search, X } from "lucide-react";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Kbd } from "#web/ui/badge.tsx";
import { IconButton } from "#web/ui/button.tsx";
import { cn } from "#web/ui/classes.ts";
import { CONTROL_LOOK } from "#web/ui/fields/control-look.ts";
import { useHotkey } from "#web/ui/hooks/use-hotkey.ts";

const PAUSE = 200;

interface SearchInputProps {
  readonly value: string;
  /** Is told 200 ms after the last key, at once by Enter and when it is emptied. */
  readonly onChange: (value: string) => void;
  /** Also its name for screen readers. */
  readonly placeholder: string;
  readonly shortcut?: "/";
  readonly maxLength?: number;
  readonly className?: string;
}

/** Use to search in a list. Escape empties it. */
export function SearchInput({ value, onChange, placeholder, shortcut, maxLength, className }: SearchInputProps) {
  const texts = useTexts().ui;
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const [told, setTold] = useState(value);
  const [seen, setSeen] = useState(value);
  useHotkey(shortcut ?? "/", () => input.current?.focus(), { isEnabled: shortcut !== undefined });

  // The own value may come back late, when more is typed already.
  if (value !== seen) {
    setSeen(value);
    if (value !== told) {
      setTold(value);
      setText(value);
    }
  }
  function tell(next: string) {
    setText(next);
    setTold(next);
    if (next !== told) onChange(next);
  }
  const tellLater = useEffectEvent(tell);
  useEffect(() => {
    if (text === told) return;
    const timer = setTimeout(() => tellLater(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text, told]);

  return (
    <div className={cn("relative w-full sm:w-64", className)}>
      <Search aria-hidden className="absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-faint" />
      <input
        ref={input}
        type="search"
        aria-label={placeholder}
        placeholder={placeholder}
        value={text}
        maxLength={maxLength}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") tell(text);
          if (event.key === "Escape" && text !== "") {
            event.stopPropagation();
            tell("");
          }
        }}
        className={cn(CONTROL_LOOK, "px-8 [&::-webkit-search-cancel-button]:appearance-none")}
      />
      <span className="absolute top-1/2 right-1.5 flex -translate-y-1/2">
        {text !== "" ? (
          <IconButton
            label={texts.clear}
            icon={X}
            size="sm"
            className="-mr-1"
            onClick={() => {
              tell("");
              input.current?.focus();
            }}
          />
        ) : (
          shortcut && (
            <span aria-hidden="true" className="pointer-coarse:hidden">
              <Kbd>{shortcut}</Kbd>
            </span>
          )
        )}
      </span>
    </div>
  );
}
