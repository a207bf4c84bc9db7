import { Command } from "cmdk";
import { Check, ChevronsUpDown, LoaderCircle, Search } from "lucide-react";
import { Popover } from "radix-ui";
import { type Ref, useEffect, useEffectEvent, useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { cn } from "#web/ui/classes.ts";
import { CONTROL_LOOK, LIST_LOOK, OPTION_LOOK } from "#web/ui/fields/control-look.ts";
import { useFieldGroupProps } from "#web/ui/fields/field.tsx";
import type { Option } from "#web/ui/fields/option.ts";
import { useDebounced } from "#web/ui/hooks/use-debounced.ts";

interface ComboboxProps {
  readonly value: string;
  readonly onValueChange: (value: string) => void;
  /** All options, or with `onSearch` those to show before a search. */
  readonly options: readonly Option[];
  /** Finds options elsewhere, instead of among `options`. */
  readonly onSearch?: (text: string) => Promise<readonly Option[]>;
  /** A person may take what they typed although it is no option. */
  readonly allowsOther?: boolean;
  readonly placeholder?: string;
  readonly name?: string;
  readonly disabled?: boolean | undefined;
  readonly onBlur?: () => void;
  readonly ref?: Ref<HTMLButtonElement>;
  readonly id?: string;
  readonly "aria-label"?: string;
  readonly className?: string;
}

/** Returns whether all words of the search are in the label, the hint or the value. */
function isMatch(option: Option, text: string): boolean {
  const hay = `${option.label} ${option.hint ?? ""} ${option.value}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/u)
    .every((word) => hay.includes(word));
}

/** Use for a choice among many, with search. */
export function Combobox({
  value,
  onValueChange,
  options,
  onSearch,
  allowsOther = false,
  placeholder,
  name,
  disabled,
  className,
  ...props
}: ComboboxProps) {
  const texts = useTexts().ui;
  const field = useFieldGroupProps(props);
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const { found, isSearching } = useFound(isOpen ? text : "", onSearch);
  const [taken, setTaken] = useState<Option>();

  const typed = text.trim();
  const shown = onSearch ? (found ?? options) : options.filter((option) => isMatch(option, typed));
  const chosen = options.find((option) => option.value === value) ?? (taken?.value === value ? taken : undefined);
  const offersOther = allowsOther && typed !== "" && !shown.some((option) => option.value === typed);

  function take(option: Option) {
    setTaken(option);
    onValueChange(option.value);
    change(false);
  }
  function change(next: boolean) {
    setOpen(next);
    if (!next) setText("");
  }

  return (
    <Popover.Root open={isOpen} onOpenChange={change}>
      <Popover.Trigger
        {...props}
        {...field}
        role="combobox"
        aria-expanded={isOpen}
        disabled={disabled}
        className={cn(CONTROL_LOOK, "inline-flex items-center justify-between gap-2 text-left", className)}
      >
        <span className={cn("min-w-0 truncate", value === "" && "text-faint")}>
          {chosen?.label ?? (value || (placeholder ?? texts.choose))}
        </span>
        <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-faint" />
      </Popover.Trigger>
      {name !== undefined && <input type="hidden" name={name} value={value} />}
      <Popover.Portal>
        <Popover.Content
          aria-label={texts.search}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className={cn(LIST_LOOK, "w-(--radix-popover-trigger-width) min-w-64 max-w-[calc(100vw-16px)]")}
        >
          <Command shouldFilter={false} label={texts.search}>
            <div className="flex h-9 items-center gap-2 border-line border-b px-2.5 pointer-coarse:h-11">
              {isSearching ? (
                <LoaderCircle aria-hidden className="size-4 shrink-0 animate-spin text-faint" />
              ) : (
                <Search aria-hidden className="size-4 shrink-0 text-faint" />
              )}
              <Command.Input
                value={text}
                onValueChange={setText}
                placeholder={texts.search}
                className="h-full w-full min-w-0 bg-transparent outline-none pointer-coarse:text-base"
              />
            </div>
            <Command.List className="max-h-72 overflow-y-auto p-1">
              {shown.map((option) => (
                <Command.Item
                  key={option.value}
                  value={option.value}
                  disabled={option.isDisabled ?? false}
                  onSelect={() => take(option)}
                  className={OPTION_LOOK}
                >
                  {option.icon && <option.icon aria-hidden className="size-4 shrink-0 text-faint" />}
                  <span className="min-w-0 break-words">
                    {option.label}
                    {option.hint && <span className="block text-note text-soft">{option.hint}</span>}
                  </span>
                  {option.value === value && <Check aria-hidden className="absolute right-2 size-4 text-accent" />}
                </Command.Item>
              ))}
              {offersOther && (
                <Command.Item
                  value={typed}
                  onSelect={() => take({ value: typed, label: typed })}
                  className={OPTION_LOOK}
                >
                  {texts.takeOther(typed)}
                </Command.Item>
              )}
              {shown.length === 0 && !offersOther && !isSearching && (
                <p className="px-2 py-4 text-center text-soft">{texts.nothingFound}</p>
              )}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** Asks `onSearch` once typing pauses. An answer to an older text is dropped. */
function useFound(text: string, onSearch: ComboboxProps["onSearch"]) {
  const settled = useDebounced(text.trim(), 200);
  const [answer, setAnswer] = useState<{ text: string; options: readonly Option[] }>();
  const search = useEffectEvent((wanted: string) => onSearch?.(wanted));
  useEffect(() => {
    if (settled === "") return;
    let isCurrent = true;
    search(settled)?.then(
      (options) => isCurrent && setAnswer({ text: settled, options }),
      () => isCurrent && setAnswer({ text: settled, options: [] }),
    );
    return () => {
      isCurrent = false;
    };
  }, [settled]);
  const wanted = text.trim();
  return {
    found: wanted === "" ? undefined : answer?.options,
    isSearching: Boolean(onSearch) && wanted !== "" && answer?.text !== wanted,
  };
}
