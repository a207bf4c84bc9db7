import { Controller } from "react-hook-form";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { Button } from "#web/ui/button.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { Select } from "#web/ui/fields/select.tsx";
import { SecretInput, TextInput } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";

/** The providers that most people begin with. All others are under Settings. */
const TYPES = [
  { value: "anthropic_native", label: "Anthropic" },
  { value: "openai_compat", label: "OpenAI" },
  { value: "gemini_native", label: "Google Gemini" },
  { value: "openrouter", label: "OpenRouter" },
  { value: "ollama", label: "Ollama" },
] as const;
type ProviderType = (typeof TYPES)[number]["value"];

/** Names, by which agents find their provider. */
const NAMES: Readonly<Record<ProviderType, string>> = {
  anthropic_native: "anthropic",
  openai_compat: "openai",
  gemini_native: "gemini",
  openrouter: "openrouter",
  ollama: "ollama",
};

type Provider = OutputOf<"providers.create">;

interface ConnectProviderProps {
  /** The one that was made before, whose key may have been wrong. */
  readonly provider: Provider | undefined;
  readonly onConnected: (provider: Provider) => void;
}

/** Asks for the key of a first real provider. */
export function ConnectProvider({ provider, onConnected }: ConnectProviderProps) {
  const { home: words } = useTexts();
  const create = useAction("providers.create");
  const update = useAction("providers.update");
  const { register, control, onSubmit, errorOf, refusal, formState } = useForm({
    defaultValues: { provider_type: TYPES[0].value as ProviderType, api_key: "", api_base: "" },
    async send({ provider_type, api_base, ...input }) {
      const fields = { ...input, ...(api_base !== "" && { api_base }) };
      const name = NAMES[provider_type];
      if (provider?.provider_type !== provider_type) {
        return onConnected(await create.mutateAsync({ name, provider_type, ...fields }));
      }
      await update.mutateAsync({ id: provider.id, ...fields });
      onConnected({ ...provider, updated_at: new Date().toISOString() });
    },
  });
  return (
    <form onSubmit={onSubmit} className="grid gap-3">
      {refusal && <Callout tone="bad" title={refusal} />}
      <Field label={words.providerType} error={errorOf("provider_type")}>
        <Controller
          control={control}
          name="provider_type"
          render={({ field: { value, onChange } }) => <Select value={value} onValueChange={onChange} options={TYPES} />}
        />
      </Field>
      <Field label={words.apiKey} error={errorOf("api_key")}>
        <SecretInput {...register("api_key")} />
      </Field>
      <Field label={words.apiBase} hint={words.apiBaseHint} error={errorOf("api_base")}>
        <TextInput {...register("api_base")} inputMode="url" autoComplete="off" />
      </Field>
      <Button type="submit" variant="primary" isBusy={formState.isSubmitting}>
        {words.connect}
      </Button>
    </form>
  );
}
