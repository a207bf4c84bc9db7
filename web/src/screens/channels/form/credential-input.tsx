import { type Control, Controller } from "react-hook-form";
import { useTexts } from "#web/i18n/use-texts.tsx";
import type { ChannelTypeName, CredentialName } from "#web/screens/channels/channel-types.ts";
import type { ChannelValues } from "#web/screens/channels/form/channel-values.ts";
import { Button } from "#web/ui/button.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { SecretInput } from "#web/ui/fields/text-input.tsx";
import { CopyButton } from "#web/ui/text/copy-button.tsx";

/** The size of a secret that is made here. */
const SECRET_BYTES = 32;

function createSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

interface CredentialInputProps {
  readonly type: ChannelTypeName;
  readonly name: CredentialName;
  readonly isRequired: boolean;
  readonly isStored: boolean;
  readonly control: Control<ChannelValues>;
  readonly error: string | undefined;
}

/** A credential: where it is found, and that an empty field keeps the stored one. */
export function CredentialInput({ type, name, isRequired, isStored, control, error }: CredentialInputProps) {
  const { channels: words } = useTexts();
  const hint = words.credentialHints[`${type}.${name}`];
  const isOurs = type === "webhook";
  return (
    <Controller
      control={control}
      name={`credentials.${name}`}
      render={({ field: { value, onChange, onBlur } }) => (
        <Field
          label={words.credentialFields[name]}
          hint={isOurs && value !== "" ? words.generated : hint}
          error={error}
          isRequired={isRequired && !isStored}
          {...(isOurs && {
            aside: (
              <span className="flex items-center gap-1">
                {value !== "" && <CopyButton text={value} className="-my-2" />}
                <Button size="sm" variant="ghost" className="-my-2" onClick={() => onChange(createSecret())}>
                  {words.generate}
                </Button>
              </span>
            ),
          })}
        >
          <SecretInput
            value={value}
            onChange={onChange}
            onBlur={onBlur}
            {...(isStored && { placeholder: words.stored })}
          />
        </Field>
      )}
    />
  );
}
