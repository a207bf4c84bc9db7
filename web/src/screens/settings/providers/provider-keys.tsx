import { Plus, X } from "lucide-react";
import { useFieldArray } from "react-hook-form";
import { useTexts } from "#web/i18n/use-texts.tsx";
import type { Form } from "#web/live/use-form.ts";
import type { ProviderValues } from "#web/screens/settings/providers/provider-values.ts";
import { Button } from "#web/ui/button.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { SecretInput } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";

/** The gateway takes no more further keys. */
const MOST = 20;

interface ProviderKeysProps {
  readonly form: Form<ProviderValues>;
  readonly hasStored: boolean;
  /** How many further keys are stored. */
  readonly stored: number;
}

/** The keys of a provider. A stored one is known by its place, so only the last one can be removed. */
export function ProviderKeys({ form: { register, control, errorOf }, hasStored, stored }: ProviderKeysProps) {
  const { settings } = useTexts();
  const words = settings.providers;
  const { fields, append, remove } = useFieldArray({ control, name: "api_keys" });
  const listError = errorOf("api_keys");
  return (
    <div className="grid gap-3">
      <Field
        label={fields.length === 0 ? words.key : words.keyNumber(1)}
        error={errorOf("api_key")}
        {...(fields.length > 0 && { hint: words.keysHint })}
      >
        <SecretInput {...register("api_key")} {...(hasStored && { placeholder: words.stored })} />
      </Field>
      {fields.map(({ id }, place) => (
        <Field key={id} label={words.keyNumber(place + 2)} error={errorOf(`api_keys.${place}`)}>
          <SecretInput
            {...register(`api_keys.${place}.value`)}
            {...(place < stored && { placeholder: words.stored })}
          />
        </Field>
      ))}
      {listError && <Callout tone="bad">{listError}</Callout>}
      <div className="flex flex-wrap gap-2">
        {fields.length < MOST && (
          <Button size="sm" icon={Plus} onClick={() => append({ value: "" })}>
            {words.addKey}
          </Button>
        )}
        {fields.length > 0 && (
          <Button size="sm" variant="ghost" icon={X} onClick={() => remove(fields.length - 1)}>
            {words.removeKey}
          </Button>
        )}
      </div>
    </div>
  );
}
