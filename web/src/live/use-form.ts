import {
  type DefaultValues,
  type FieldValues,
  get,
  type Path,
  type UseFormReturn,
  useForm as useFields,
} from "react-hook-form";
import { GoClawError } from "#client/index.ts";

export interface Form<Values extends FieldValues> extends UseFormReturn<Values> {
  /** Handles the event `submit` of the form. */
  readonly onSubmit: (event: React.FormEvent) => void;
  /** What is wrong, as far as it belongs to no field of the form. */
  readonly refusal: string | undefined;
  /** What is wrong with a field. */
  readonly errorOf: (field: Path<Values>) => string | undefined;
}

interface FormOptions<Values extends FieldValues> {
  readonly defaultValues: DefaultValues<Values>;
  /** Shows these where they change, such as after a save. Fields that the person changed keep what was written. */
  readonly values?: Values;
  /** Sends what was written. A refusal that it throws is shown, at its fields where it names some. */
  readonly send: (values: Values) => Promise<unknown>;
}

/**
 * A form whose values the gateway checks. Its schemas know every rule, and its answers are in the person's language, so
 * the page repeats neither.
 */
export function useForm<Values extends FieldValues>({
  defaultValues,
  values,
  send,
}: FormOptions<Values>): Form<Values> {
  const form = useFields<Values>({
    defaultValues,
    ...(values && { values, resetOptions: { keepDirtyValues: true } }),
  });
  const { handleSubmit, setError, formState } = form;
  const submit = handleSubmit(async (written) => {
    try {
      await send(written);
    } catch (thrown) {
      if (!(thrown instanceof GoClawError)) throw thrown;
      const fields = fieldsOf(thrown);
      const known = fields.filter(({ field }) => hasControl(written, field));
      for (const { field, message } of known) setError(field as Path<Values>, { message });
      if (known.length < Math.max(fields.length, 1)) setError("root", { message: thrown.message });
    }
  });
  return {
    ...form,
    onSubmit: (event) => {
      // A form in a dialog is inside the form of its page, as far as React's events go.
      event.stopPropagation();
      // A refusal of a field that has no control of its own would keep the form from being sent again.
      form.clearErrors();
      void submit(event);
    },
    refusal: formState.errors.root?.message,
    errorOf: (field) => form.getFieldState(field, formState).error?.message,
  };
}

/** Returns whether a form has a control for a field. A group of fields has none, so that its refusal is one of the form. */
function hasControl(written: FieldValues, field: string): boolean {
  const value: unknown = get(written, field);
  const isGroup = value !== null && typeof value === "object" && !Array.isArray(value);
  return !isGroup && (field in written || value !== undefined);
}

interface FieldRefusal {
  readonly field: string;
  readonly message: string;
}

/** Reads which fields a refusal names. */
function fieldsOf({ details, message }: GoClawError): readonly FieldRefusal[] {
  const { fields, field } = details;
  if (Array.isArray(fields)) return fields as readonly FieldRefusal[];
  return typeof field === "string" ? [{ field, message }] : [];
}
