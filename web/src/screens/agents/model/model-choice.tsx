import type { ReactNode } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useCall } from "#web/live/use-call.ts";
import { Combobox } from "#web/ui/fields/combobox.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import type { Option } from "#web/ui/fields/option.ts";

interface ModelChoiceProps {
  readonly provider: string;
  readonly model: string;
  readonly onProvider: (provider: string) => void;
  readonly onModel: (model: string) => void;
  readonly providerError?: string | undefined;
  readonly modelError?: string | undefined;
  /** Stands behind the two, such as a button that removes them. */
  readonly end?: ReactNode;
}

/**
 * A provider and one of its models. Administrators choose among those of the providers. Others may not list them, so
 * they are offered what their agents use. Everybody may type a name that is not offered.
 */
export function ModelChoice(props: ModelChoiceProps) {
  const { provider, model, onProvider, onModel, providerError, modelError, end } = props;
  const { agents: words } = useTexts();
  const { providers, models, failure } = useOffered(provider);
  return (
    <div className="grid items-start gap-4 sm:flex">
      <div className="min-w-0 flex-1">
        <Field label={words.provider} error={providerError} isRequired>
          <Combobox value={provider} onValueChange={onProvider} options={providers} allowsOther />
        </Field>
      </div>
      <div className="min-w-0 flex-1">
        <Field label={words.model} error={modelError} hint={failure} isRequired>
          <Combobox value={model} onValueChange={onModel} options={models} allowsOther />
        </Field>
      </div>
      {end && <div className="sm:pt-[26px]">{end}</div>}
    </div>
  );
}

/** Returns the providers and the models of one that a person can choose. */
function useOffered(provider: string) {
  const isAdmin = hasRole(useCaller(), "admin");
  const listed = useCall("providers.list", {}, { isEnabled: isAdmin });
  const agents = useCall("agents.list", {}, { isEnabled: !isAdmin });
  const id = listed.data?.providers.find(({ name }) => name === provider)?.id;
  const models = useCall("providers.models", { id: id ?? "" }, { isEnabled: id !== undefined });
  if (!isAdmin) {
    const used = agents.data?.agents ?? [];
    return {
      providers: toOptions(used.map((agent) => agent.provider)),
      models: toOptions(used.filter((agent) => agent.provider === provider).map(({ model }) => model)),
      failure: undefined,
    };
  }
  return {
    providers: (listed.data?.providers ?? []).map(({ name, display_name, provider_type, enabled }) => ({
      value: name,
      label: display_name || name,
      hint: provider_type,
      isDisabled: !enabled,
    })),
    models: (models.data?.models ?? []).map(({ id, name }) => ({
      value: id,
      label: id,
      ...(name !== undefined && name !== id && { hint: name }),
    })),
    failure: listed.error?.message ?? models.error?.message,
  };
}

const toOptions = (values: readonly string[]): readonly Option[] =>
  [...new Set(values)].map((value) => ({ value, label: value }));
