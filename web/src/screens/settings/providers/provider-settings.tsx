import { Controller } from "react-hook-form";
import { useTexts } from "#web/i18n/use-texts.tsx";
import type { Form } from "#web/live/use-form.ts";
import type { ProviderValues } from "#web/screens/settings/providers/provider-values.ts";
import { Field } from "#web/ui/fields/field.tsx";
import { Select } from "#web/ui/fields/select.tsx";
import { Checkbox } from "#web/ui/fields/switch.tsx";
import { NumberInput, TextInput } from "#web/ui/fields/text-input.tsx";

/** What few people change: time limits, embeddings, and what single types need. */
export function ProviderSettings({ form }: { readonly form: Form<ProviderValues> }) {
  const { settings } = useTexts();
  const words = settings.providers;
  const { register, control, watch, errorOf } = form;
  const isVertex = watch("provider_type") === "vertex";
  return (
    <details open={isVertex}>
      <summary className="cursor-pointer rounded font-semibold">{words.settings}</summary>
      <div className="mt-4 grid gap-4">
        {isVertex && (
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={words.project} error={errorOf("settings.project_id")}>
              <TextInput {...register("settings.project_id")} autoComplete="off" spellCheck={false} />
            </Field>
            <Field label={words.region} error={errorOf("settings.region")}>
              <TextInput {...register("settings.region")} autoComplete="off" spellCheck={false} />
            </Field>
          </div>
        )}
        <fieldset className="grid gap-3">
          <legend className="mb-1 font-medium">{words.timeouts}</legend>
          <p className="text-note text-soft">{words.timeoutsHint}</p>
          <div className="grid gap-4 sm:grid-cols-3">
            <Field label={words.firstToken} error={errorOf("settings.timeouts.first_token_ms")}>
              <NumberInput {...register("settings.timeouts.first_token_ms")} unit="ms" />
            </Field>
            <Field label={words.idle} error={errorOf("settings.timeouts.idle_ms")}>
              <NumberInput {...register("settings.timeouts.idle_ms")} unit="ms" />
            </Field>
            <Field label={words.call} error={errorOf("settings.timeouts.call_ms")}>
              <NumberInput {...register("settings.timeouts.call_ms")} unit="ms" />
            </Field>
          </div>
        </fieldset>
        <fieldset className="grid gap-3">
          <legend className="mb-1 font-medium">{words.embedding}</legend>
          <Checkbox {...register("settings.embedding.enabled")} label={words.embeddingOn} />
          <Field label={words.embeddingModel} error={errorOf("settings.embedding.model")}>
            <TextInput {...register("settings.embedding.model")} autoComplete="off" spellCheck={false} isMono />
          </Field>
        </fieldset>
        <Field label={words.thoughtMarks} error={errorOf("settings.thought_marks")}>
          <Controller
            control={control}
            name="settings.thought_marks"
            render={({ field: { value, onChange } }) => (
              <Select
                value={value}
                onValueChange={onChange}
                options={(["usual", "reasoning", "text"] as const).map((name) => ({
                  value: name,
                  label: words.thoughts[name],
                }))}
              />
            )}
          />
        </Field>
      </div>
    </details>
  );
}
