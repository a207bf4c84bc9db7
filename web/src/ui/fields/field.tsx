import { createContext, type ReactNode, useContext, useId, useMemo } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { ToneIcon } from "#web/ui/status.tsx";

interface FieldIds {
  readonly controlId: string;
  readonly labelId: string;
  readonly describedBy: string | undefined;
  readonly isInvalid: boolean;
  readonly isRequired: boolean;
}

const FieldContext = createContext<FieldIds | undefined>(undefined);

interface OwnProps {
  readonly id?: string | undefined;
  readonly "aria-describedby"?: string | undefined;
  readonly "aria-label"?: string | undefined;
  readonly "aria-labelledby"?: string | undefined;
}

/** Returns what ties a control to the `Field` around it. What the control says itself comes first. */
export function useFieldProps(own: OwnProps = {}) {
  const field = useContext(FieldContext);
  return {
    id: own.id ?? field?.controlId,
    "aria-describedby": own["aria-describedby"] ?? field?.describedBy,
    "aria-invalid": field?.isInvalid || undefined,
    "aria-required": field?.isRequired || undefined,
  };
}

/** The same for controls that are no native ones, which a `<label>` does not name. */
export function useFieldGroupProps(own: OwnProps = {}) {
  const field = useContext(FieldContext);
  const isNamed = own["aria-label"] !== undefined || own["aria-labelledby"] !== undefined;
  return {
    ...useFieldProps(own),
    "aria-label": own["aria-label"],
    "aria-labelledby": own["aria-labelledby"] ?? (isNamed ? undefined : field?.labelId),
  };
}

interface FieldProps {
  readonly label: ReactNode;
  /** What a person must know to fill it in. */
  readonly hint?: ReactNode;
  readonly error?: ReactNode;
  readonly isRequired?: boolean;
  /** Stands at the right end of the label's line. */
  readonly aside?: ReactNode;
  /** One control. */
  readonly children: ReactNode;
}

/** Use around every control of a form: gives it a label, a hint and its error. */
export function Field({ label, hint, error, isRequired = false, aside, children }: FieldProps) {
  const texts = useTexts().ui;
  const id = useId();
  const hasHint = Boolean(hint);
  const isInvalid = Boolean(error);
  const ids = useMemo(
    () => ({
      controlId: `${id}-control`,
      labelId: `${id}-label`,
      describedBy: [hasHint && `${id}-hint`, isInvalid && `${id}-error`].filter(Boolean).join(" ") || undefined,
      isInvalid,
      isRequired,
    }),
    [id, hasHint, isInvalid, isRequired],
  );
  return (
    <div className="grid min-w-0 content-start gap-1.5">
      <div className="flex items-baseline justify-between gap-2">
        <label id={ids.labelId} htmlFor={ids.controlId} className="font-medium">
          {label}
          {isRequired && <span className="ml-1.5 font-normal text-faint text-note">{texts.required}</span>}
        </label>
        {aside}
      </div>
      <FieldContext value={ids}>{children}</FieldContext>
      {hasHint && (
        <p id={`${id}-hint`} className="max-w-prose text-note text-soft">
          {hint}
        </p>
      )}
      {isInvalid && (
        <p id={`${id}-error`} role="alert" className="flex max-w-prose gap-1.5 text-bad text-note">
          <ToneIcon tone="bad" className="mt-px" />
          <span className="min-w-0">{error}</span>
        </p>
      )}
    </div>
  );
}
