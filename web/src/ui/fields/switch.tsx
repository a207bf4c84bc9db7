import { type ComponentProps, type ReactNode, type Ref, useId } from "react";
import { cn } from "#web/ui/classes.ts";
import { useFieldProps } from "#web/ui/fields/field.tsx";

interface SwitchProps {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  /** Only screen readers get the label, as where a column says it. */
  readonly hidesLabel?: boolean;
  readonly name?: string;
  readonly disabled?: boolean | undefined;
  readonly onBlur?: () => void;
  readonly ref?: Ref<HTMLInputElement>;
  readonly className?: string;
}

/** Use for what takes effect at once. In a form with a save button, use `Checkbox`. */
export function Switch({ isOn, onChange, label, hint, hidesLabel = false, className, ...props }: SwitchProps) {
  const hintId = useId();
  return (
    <label className={cn("flex items-start gap-2.5 has-enabled:cursor-pointer pointer-coarse:py-2.5", className)}>
      <input
        {...props}
        type="checkbox"
        role="switch"
        checked={isOn}
        aria-checked={isOn}
        onChange={(event) => onChange(event.target.checked)}
        {...(hint && { "aria-describedby": hintId })}
        className="relative h-5 w-9 shrink-0 cursor-[inherit] appearance-none rounded-full border border-line-strong bg-hover transition-colors before:absolute before:top-[3px] before:left-[3px] before:size-3 before:rounded-full before:bg-soft before:transition-transform checked:border-accent checked:bg-accent checked:before:translate-x-4 checked:before:bg-on-accent disabled:opacity-50"
      />
      <Words label={label} hint={hint} hintId={hintId} hidesLabel={hidesLabel} />
    </label>
  );
}

interface CheckboxProps extends Omit<ComponentProps<"input">, "type"> {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly hidesLabel?: boolean;
}

/** Use for yes or no in a form, and to choose several of a list. Takes the properties of a native one. */
export function Checkbox({ label, hint, hidesLabel = false, className, ...props }: CheckboxProps) {
  const field = useFieldProps(props);
  const hintId = useId();
  return (
    <label className={cn("flex items-start gap-2.5 has-enabled:cursor-pointer pointer-coarse:py-2.5", className)}>
      <span className="relative mt-0.5 flex size-4 shrink-0">
        <input
          {...props}
          {...field}
          {...(hint && { "aria-describedby": hintId })}
          type="checkbox"
          className="peer size-4 cursor-[inherit] appearance-none rounded border border-line-strong bg-raised transition-colors checked:border-accent checked:bg-accent disabled:opacity-50 aria-invalid:border-bad"
        />
        <svg
          aria-hidden="true"
          viewBox="0 0 16 16"
          className="pointer-events-none absolute inset-0 hidden fill-none stroke-2 stroke-on-accent peer-checked:block"
        >
          <path d="m4 8.3 2.7 2.7L12 5.4" strokeLinecap="round" strokeLinejoin="round" />
        </svg>
      </span>
      <Words label={label} hint={hint} hintId={hintId} hidesLabel={hidesLabel} />
    </label>
  );
}

interface WordsProps {
  readonly label: ReactNode;
  readonly hint: ReactNode;
  readonly hintId: string;
  readonly hidesLabel: boolean;
}

function Words({ label, hint, hintId, hidesLabel }: WordsProps) {
  return (
    <span className={cn("min-w-0", hidesLabel && "sr-only")}>
      {label}
      {hint && (
        <span id={hintId} className="block max-w-prose text-note text-soft">
          {hint}
        </span>
      )}
    </span>
  );
}
