import { useNavigate } from "@tanstack/react-router";
import { Controller } from "react-hook-form";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { ProviderKeys } from "#web/screens/settings/providers/provider-keys.tsx";
import { ProviderSettings } from "#web/screens/settings/providers/provider-settings.tsx";
import { PROVIDER_TYPE_NAMES, PROVIDER_TYPES, type Provider } from "#web/screens/settings/providers/provider-types.ts";
import { toKeys, toProviderValues, toSettings } from "#web/screens/settings/providers/provider-values.ts";
import { FormDialog } from "#web/ui/dialogs/form-dialog.tsx";
import { Combobox } from "#web/ui/fields/combobox.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TextInput } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { useToast } from "#web/ui/toast.tsx";

interface ProviderFormProps {
  /** The one to change. Without it, one is made. */
  readonly provider?: Provider;
  readonly onClose: () => void;
}

/** Makes or changes a provider. Stored keys are never shown, and stay where nothing is entered. */
export function ProviderForm({ provider, onClose }: ProviderFormProps) {
  const { settings, ui } = useTexts();
  const words = settings.providers;
  const navigate = useNavigate();
  const toast = useToast();
  const create = useAction("providers.create");
  const update = useAction("providers.update");
  const form = useForm({
    defaultValues: toProviderValues(provider),
    async send({ api_key, api_keys, settings: written, ...fields }) {
      const stored = provider?.api_keys?.length ?? 0;
      const keys = toKeys(api_keys, stored);
      const input = {
        ...fields,
        ...(api_key !== "" && { api_key }),
        ...((keys.length > 0 || stored > 0) && { api_keys: keys }),
        settings: toSettings(provider?.settings ?? {}, written),
      };
      if (provider) {
        await update.mutateAsync({ id: provider.id, ...input });
        toast({ tone: "good", title: words.saved });
        return onClose();
      }
      const { id } = await create.mutateAsync(input);
      onClose();
      await navigate({ to: "/settings", search: { tab: "providers", item: id } });
    },
  });
  const { register, control, watch, onSubmit, errorOf, refusal, formState } = form;
  const isUsable = PROVIDER_TYPES[watch("provider_type")]?.isUsable ?? true;

  return (
    <FormDialog
      onClose={onClose}
      title={provider ? provider.display_name || provider.name : words.create}
      action={provider ? ui.save : words.create}
      isBusy={formState.isSubmitting}
      refusal={refusal}
      onSubmit={onSubmit}
    >
      <Field label={words.type} error={errorOf("provider_type")} isRequired>
        <Controller
          control={control}
          name="provider_type"
          render={({ field: { value, onChange } }) => (
            <Combobox
              value={value}
              onValueChange={onChange}
              options={PROVIDER_TYPE_NAMES.map((name) => ({
                value: name,
                label: PROVIDER_TYPES[name].label,
                hint: PROVIDER_TYPES[name].isUsable === false ? words.notUsable : name,
              }))}
            />
          )}
        />
      </Field>
      {!isUsable && <Callout tone="careful" title={words.notUsable} />}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={words.name} hint={words.nameHint} error={errorOf("name")} isRequired>
          <TextInput {...register("name")} autoComplete="off" spellCheck={false} />
        </Field>
        <Field label={words.displayName} error={errorOf("display_name")}>
          <TextInput {...register("display_name")} autoComplete="off" />
        </Field>
      </div>
      <ProviderKeys form={form} hasStored={provider?.api_key !== undefined} stored={provider?.api_keys?.length ?? 0} />
      <Field label={words.address} hint={words.addressHint} error={errorOf("api_base")}>
        <TextInput {...register("api_base")} inputMode="url" autoComplete="off" spellCheck={false} isMono />
      </Field>
      <ProviderSettings form={form} />
    </FormDialog>
  );
}
