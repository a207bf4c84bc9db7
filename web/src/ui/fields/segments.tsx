import { RadioGroup } from "radix-ui";
import { cn } from "#web/ui/classes.ts";
import { useFieldGroupProps } from "#web/ui/fields/field.tsx";
import type { Option } from "#web/ui/fields/option.ts";

interface SegmentsProps {
  readonly value: string;
  readonly onValueChange: (value: string) => void;
  readonly options: readonly Option[];
  readonly name?: string;
  readonly disabled?: boolean;
  readonly "aria-label"?: string;
  readonly className?: string;
}

/** Use for a choice among two to four that should all be seen. */
export function Segments({ value, onValueChange, options, name, disabled, className, ...props }: SegmentsProps) {
  const { "aria-invalid": _, ...field } = useFieldGroupProps(props);
  return (
    <RadioGroup.Root
      {...field}
      value={value}
      onValueChange={onValueChange}
      orientation="horizontal"
      {...(name !== undefined && { name })}
      {...(disabled !== undefined && { disabled })}
      className={cn(
        "inline-flex max-w-full gap-0.5 justify-self-start overflow-x-auto rounded-lg border border-line bg-hover p-0.5",
        className,
      )}
    >
      {options.map(({ value: own, label, icon: Icon, isDisabled = false }) => (
        <RadioGroup.Item
          key={own}
          value={own}
          disabled={isDisabled}
          className="focus-inset inline-flex h-6.5 items-center gap-1.5 whitespace-nowrap rounded-md border border-transparent px-2.5 text-soft transition-colors hover:text-ink disabled:opacity-50 data-[state=checked]:border-line-strong/60 data-[state=checked]:bg-raised data-[state=checked]:font-medium data-[state=checked]:text-ink pointer-coarse:h-10"
        >
          {Icon && <Icon aria-hidden className="size-4" />}
          {label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
