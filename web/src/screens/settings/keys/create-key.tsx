import { Controller } from "react-hook-form";
import type { InputOf, OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useCaller } from "#web/live/gateway.tsx";
import { useAction, useCall } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { FormDialog } from "#web/ui/dialogs/form-dialog.tsx";
import { Combobox } from "#web/ui/fields/combobox.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { Select } from "#web/ui/fields/select.tsx";
import { Checkbox } from "#web/ui/fields/switch.tsx";
import { TextInput } from "#web/ui/fields/text-input.tsx";
import { ToneIcon } from "#web/ui/status.tsx";

type Scope = OutputOf<"api_keys.create">["scopes"][number];

const SCOPES: readonly Scope[] = [
  "operator.read",
  "operator.write",
  "operator.admin",
  "operator.approvals",
  "operator.pairing",
  "operator.provision",
];

const DAY = 86_400;
/** Lifetimes in seconds. */
const EXPIRIES = { never: 0, day: DAY, week: 7 * DAY, month: 30 * DAY, quarter: 90 * DAY, year: 365 * DAY } as const;
type Expiry = keyof typeof EXPIRIES;

/** Stands for a key that acts in every tenant. */
const EVERY_TENANT = "every";

interface CreateKeyProps {
  readonly onClose: () => void;
  readonly onCreated: (key: OutputOf<"api_keys.create">) => void;
}

/** Asks what a new key may do, for whom, where and for how long. */
export function CreateKey({ onClose, onCreated }: CreateKeyProps) {
  const { settings } = useTexts();
  const words = settings.keys;
  const caller = useCaller();
  const create = useAction("api_keys.create");
  const tenants = useCall("tenants.list", {}, { isEnabled: caller.is_owner });
  const { register, control, watch, setValue, onSubmit, errorOf, refusal } = useForm({
    defaultValues: {
      name: "",
      scopes: ["operator.read", "operator.write"] as Scope[],
      owner_id: "",
      expires_in: "month" as Expiry,
      tenant_id: caller.tenant_id,
    },
    async send({ name, scopes, owner_id, expires_in, tenant_id }) {
      const input: InputOf<"api_keys.create"> = {
        ...{ name, scopes, expires_in: EXPIRIES[expires_in] },
        ...(owner_id !== "" && { owner_id }),
        ...(caller.is_owner && tenant_id !== EVERY_TENANT && { tenant_id }),
      };
      onCreated(await create.mutateAsync(input));
    },
  });
  const scopes = watch("scopes");
  const scopesError = errorOf("scopes");

  return (
    <FormDialog
      onClose={onClose}
      title={words.create}
      action={words.create}
      isBusy={create.isPending}
      refusal={refusal}
      onSubmit={onSubmit}
    >
      <Field label={words.name} hint={words.nameHint} error={errorOf("name")} isRequired>
        <TextInput {...register("name")} autoComplete="off" />
      </Field>
      <fieldset className="grid gap-2.5">
        <legend className="mb-2 font-medium">{words.scopes}</legend>
        {SCOPES.map((scope) => (
          <Checkbox
            key={scope}
            label={words.scopeNames[scope]}
            hint={words.scopeHints[scope]}
            checked={scopes.includes(scope)}
            onChange={({ target }) =>
              setValue("scopes", target.checked ? [...scopes, scope] : scopes.filter((other) => other !== scope))
            }
          />
        ))}
        {scopesError && (
          <p role="alert" className="flex gap-1.5 text-bad text-note">
            <ToneIcon tone="bad" className="mt-px" />
            {scopesError}
          </p>
        )}
      </fieldset>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={words.owner} hint={words.ownerHint} error={errorOf("owner_id")}>
          <TextInput {...register("owner_id")} autoComplete="off" spellCheck={false} />
        </Field>
        <Field label={words.expiry} error={errorOf("expires_in")}>
          <Controller
            control={control}
            name="expires_in"
            render={({ field: { value, onChange } }) => (
              <Select
                value={value}
                onValueChange={onChange}
                options={(Object.keys(EXPIRIES) as Expiry[]).map((name) => ({
                  value: name,
                  label: words.expiries[name],
                }))}
              />
            )}
          />
        </Field>
      </div>
      {caller.is_owner && (
        <Field label={words.tenant} error={errorOf("tenant_id")}>
          <Controller
            control={control}
            name="tenant_id"
            render={({ field: { value, onChange } }) => (
              <Combobox
                value={value}
                onValueChange={onChange}
                options={[
                  ...(tenants.data?.tenants ?? [{ id: caller.tenant_id, name: caller.tenant_name }]).map(
                    ({ id, name }) => ({ value: id, label: name }),
                  ),
                  { value: EVERY_TENANT, label: words.everyTenant },
                ]}
              />
            )}
          />
        </Field>
      )}
    </FormDialog>
  );
}
