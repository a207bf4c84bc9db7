import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { IconButton } from "#web/ui/button.tsx";
import { cn } from "#web/ui/classes.ts";
import { CONTROL_LOOK } from "#web/ui/fields/control-look.ts";
import { useFieldProps } from "#web/ui/fields/field.tsx";

interface TextInputProps extends ComponentProps<"input"> {
  /** For ids, addresses and code. */
  readonly isMono?: boolean;
}

/** Use for one line of text. */
export function TextInput({ className, isMono = false, ...props }: TextInputProps) {
  const field = useFieldProps(props);
  return (
    <input type="text" {...props} {...field} className={cn(CONTROL_LOOK, isMono && "font-mono text-code", className)} />
  );
}

interface TextAreaProps extends ComponentProps<"textarea"> {
  /** Grows with its text, up to half of the window. */
  readonly autoGrow?: boolean;
  readonly isMono?: boolean;
}

/** Use for text of several lines. */
export function TextArea({ className, autoGrow = false, isMono = false, rows = 3, ...props }: TextAreaProps) {
  const field = useFieldProps(props);
  return (
    <textarea
      rows={rows}
      {...props}
      {...field}
      className={cn(
        CONTROL_LOOK,
        "h-auto resize-y py-1.5 pointer-coarse:h-auto",
        autoGrow && "field-sizing-content max-h-[50dvh]",
        isMono && "font-mono text-code",
        className,
      )}
    />
  );
}

/** Use for a key, a password or a token. Browsers do not keep it. */
export function SecretInput({ className, ...props }: Omit<ComponentProps<"input">, "type">) {
  const texts = useTexts().ui;
  const field = useFieldProps(props);
  const [isShown, setShown] = useState(false);
  return (
    <div className={cn("relative", className)}>
      <input
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        data-1p-ignore
        data-lpignore="true"
        {...props}
        {...field}
        type={isShown ? "text" : "password"}
        className={cn(CONTROL_LOOK, "pr-9 font-mono text-code pointer-coarse:pr-12")}
      />
      <IconButton
        label={isShown ? texts.hide : texts.show}
        icon={isShown ? EyeOff : Eye}
        size="sm"
        aria-pressed={isShown}
        disabled={props.disabled}
        onClick={() => setShown(!isShown)}
        className="absolute top-0.5 right-0.5 pointer-coarse:top-0 pointer-coarse:right-0"
      />
    </div>
  );
}

interface NumberInputProps extends Omit<ComponentProps<"input">, "type"> {
  /** Stands behind the number, such as "ms". */
  readonly unit?: string;
}

/** Use for a number. The wheel of the mouse does not change it. */
export function NumberInput({ className, unit, ...props }: NumberInputProps) {
  const field = useFieldProps(props);
  return (
    <div className={cn("relative", className)}>
      <input
        inputMode="decimal"
        step="any"
        {...props}
        {...field}
        type="number"
        onWheel={(event) => event.currentTarget.blur()}
        className={cn(
          CONTROL_LOOK,
          "tabular [appearance:textfield] [&::-webkit-inner-spin-button]:appearance-none",
          unit && "pr-12",
        )}
      />
      {unit && (
        <span className="pointer-events-none absolute inset-y-0 right-2.5 flex items-center text-faint text-note">
          {unit}
        </span>
      )}
    </div>
  );
}
