import { Check, ChevronDown } from "lucide-react";
import { Select as Primitive } from "radix-ui";
import type { Ref } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { cn } from "#web/ui/classes.ts";
import { CONTROL_LOOK, LIST_LOOK, OPTION_LOOK } from "#web/ui/fields/control-look.ts";
import { useFieldGroupProps } from "#web/ui/fields/field.tsx";
import type { Option } from "#web/ui/fields/option.ts";
import { findNonce } from "#web/ui/nonce.ts";

/** Stands for the empty value, which the primitive does not allow. */
const EMPTY = "\u0000empty";

interface SelectProps {
  readonly value: string;
  readonly onValueChange: (value: string) => void;
  readonly options: readonly Option[];
  readonly placeholder?: string;
  readonly name?: string;
  readonly disabled?: boolean | undefined;
  readonly onBlur?: () => void;
  readonly ref?: Ref<HTMLButtonElement>;
  readonly id?: string;
  readonly "aria-label"?: string;
  readonly className?: string;
}

/** Use for a choice among up to about ten. `Segments` shows up to four at once, `Combobox` searches in many. */
export function Select({
  value,
  onValueChange,
  options,
  placeholder,
  name,
  disabled,
  className,
  ...props
}: SelectProps) {
  const texts = useTexts().ui;
  const field = useFieldGroupProps(props);
  const hasEmpty = options.some((option) => option.value === "");
  return (
    <Primitive.Root
      value={value === "" && hasEmpty ? EMPTY : value}
      onValueChange={(next) => onValueChange(next === EMPTY ? "" : next)}
      {...(name !== undefined && { name })}
      {...(disabled !== undefined && { disabled })}
    >
      <Primitive.Trigger
        {...props}
        {...field}
        className={cn(
          CONTROL_LOOK,
          "inline-flex items-center justify-between gap-2 text-left data-placeholder:text-faint",
          className,
        )}
      >
        <span className="min-w-0 truncate">
          <Primitive.Value placeholder={placeholder ?? texts.choose} />
        </span>
        <Primitive.Icon asChild>
          <ChevronDown aria-hidden className="size-4 shrink-0 text-faint" />
        </Primitive.Icon>
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className={cn(
            LIST_LOOK,
            "max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) max-w-96",
          )}
        >
          <Primitive.Viewport nonce={findNonce()} className="p-1">
            {options.map((option) => (
              <Primitive.Item
                key={option.value}
                value={option.value === "" ? EMPTY : option.value}
                aria-labelledby={undefined}
                disabled={option.isDisabled ?? false}
                className={cn(OPTION_LOOK, "data-disabled:text-faint")}
              >
                {option.icon && <option.icon aria-hidden className="size-4 shrink-0 text-faint" />}
                <span className="min-w-0">
                  <Primitive.ItemText>{option.label}</Primitive.ItemText>
                  {option.hint && <span className="block text-note text-soft">{option.hint}</span>}
                </span>
                <Primitive.ItemIndicator className="absolute right-2">
                  <Check aria-hidden className="size-4 text-accent" />
                </Primitive.ItemIndicator>
              </Primitive.Item>
            ))}
          </Primitive.Viewport>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
