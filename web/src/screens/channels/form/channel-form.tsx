import { useNavigate } from "@tanstack/react-router";
import { Controller } from "react-hook-form";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction, useCall } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import {
  CHANNEL_TYPE_NAMES,
  CHANNEL_TYPES,
  type ChannelTypeName,
  type ConfigName,
  findChannelType,
  type Instance,
} from "#web/screens/channels/channel-types.ts";
import { toChannelValues } from "#web/screens/channels/form/channel-values.ts";
import { ConfigInput } from "#web/screens/channels/form/config-input.tsx";
import { toConfig } from "#web/screens/channels/form/config-values.ts";
import { CredentialInput } from "#web/screens/channels/form/credential-input.tsx";
import { FormDialog } from "#web/ui/dialogs/form-dialog.tsx";
import { Combobox } from "#web/ui/fields/combobox.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TextInput } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { useToast } from "#web/ui/toast.tsx";

const POLICIES = ["dm_policy", "group_policy", "allow_from", "group_allow_from", "require_mention"] as const;
const MORE = ["history_limit", "debounce_ms", "on_busy", "locale", "dm_stream", "group_stream"] as const;

interface ChannelFormProps {
  /** The account to change. Without it, one is made. */
  readonly instance?: Instance;
  readonly onClose: () => void;
}

/** Makes or changes an account. Says for each type what it needs, and where that is found. */
export function ChannelForm({ instance, onClose }: ChannelFormProps) {
  const { channels: words, ui } = useTexts();
  const navigate = useNavigate();
  const toast = useToast();
  const create = useAction("channels.instances.create");
  const update = useAction("channels.instances.update");
  const agents = useCall("agents.list", {});
  const known = findChannelType(instance?.channel_type ?? "");
  const firstType = known ? (instance?.channel_type as ChannelTypeName) : "telegram";
  const stored = instance?.config ?? {};
  const { register, control, watch, setValue, onSubmit, errorOf, refusal, formState } = useForm({
    defaultValues: toChannelValues(instance, firstType),
    async send({ name, display_name, agent_id, channel_type, credentials: entered, config: written }) {
      const { credentials: own, config: ownConfig } = CHANNEL_TYPES[channel_type];
      const credentials = Object.fromEntries(
        own.map(({ name }) => [name, entered[name]]).filter(([, value]) => value !== ""),
      );
      const shown = toChannelValues(instance, channel_type).config;
      const config = toConfig(stored, shown, written, [...ownConfig, ...POLICIES, ...MORE]);
      const fields = { name, display_name, agent_id, credentials, config };
      if (instance) {
        await update.mutateAsync({ id: instance.id, ...fields });
        toast({ tone: "good", title: words.saved });
        return onClose();
      }
      const { id } = await create.mutateAsync({ ...fields, channel_type });
      onClose();
      await navigate({ to: "/channels", search: { item: id } });
    },
  });
  const typeName = watch("channel_type");
  const type = CHANNEL_TYPES[typeName];
  const isStored = (name: string) => instance !== undefined && Object.hasOwn(instance.credentials, name);

  /** The gateway's own address counts only where the platform comes to it. */
  const isOfUse = (name: ConfigName) => name !== "webhook_url" || watch("config.connection_mode") === "webhook";
  const credentialsThat = (areRequired: boolean) =>
    type.credentials
      .filter(({ isRequired }) => isRequired === areRequired)
      .map(({ name, isRequired }) => (
        <CredentialInput
          key={`${typeName} ${name}`}
          type={typeName}
          name={name}
          isRequired={isRequired}
          isStored={isStored(name)}
          control={control}
          error={errorOf(`credentials.${name}`)}
        />
      ));

  function chooseType(next: ChannelTypeName) {
    setValue("channel_type", next);
    const { usual } = CHANNEL_TYPES[next];
    setValue("config.dm_policy", usual.dm_policy);
    setValue("config.require_mention", usual.require_mention);
  }

  return (
    <FormDialog
      onClose={onClose}
      title={instance ? instance.display_name || instance.name : words.create}
      action={instance ? ui.save : words.create}
      isBusy={formState.isSubmitting}
      refusal={refusal}
      onSubmit={onSubmit}
    >
      {agents.data?.agents.length === 0 && <Callout tone="careful">{words.noAgents}</Callout>}
      <Field label={words.type} error={errorOf("channel_type")}>
        <Combobox
          value={typeName}
          onValueChange={(value) => chooseType(value as ChannelTypeName)}
          disabled={instance !== undefined}
          options={CHANNEL_TYPE_NAMES.map((name) => ({
            value: name,
            label: CHANNEL_TYPES[name].label,
            ...(!CHANNEL_TYPES[name].isBuilt && { hint: words.typeNotBuilt }),
          }))}
        />
      </Field>
      {!type.isBuilt && (
        <Callout tone="careful" title={words.notBuilt(type.label)}>
          {words.notBuiltHint}
        </Callout>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={words.name} hint={words.nameHint} error={errorOf("name")} isRequired>
          <TextInput {...register("name")} autoComplete="off" spellCheck={false} />
        </Field>
        <Field label={words.displayName} error={errorOf("display_name")}>
          <TextInput {...register("display_name")} autoComplete="off" />
        </Field>
      </div>
      <Field label={words.agent} hint={words.agentHint} error={errorOf("agent_id")} isRequired>
        <Controller
          control={control}
          name="agent_id"
          render={({ field: { value, onChange } }) => (
            <Combobox
              value={value}
              onValueChange={onChange}
              options={(agents.data?.agents ?? []).map(({ id, agent_key, display_name }) => ({
                value: id,
                label: display_name || agent_key,
                hint: agent_key,
              }))}
            />
          )}
        />
      </Field>
      {credentialsThat(true)}
      {type.config.filter(isOfUse).map((name) => (
        <ConfigInput key={name} name={name} control={control} error={errorOf(`config.${name}`)} />
      ))}
      <h3 className="mt-2 font-semibold">{words.whoMayWrite}</h3>
      {POLICIES.map((name) => (
        <ConfigInput key={name} name={name} control={control} error={errorOf(`config.${name}`)} />
      ))}
      <details className="group">
        <summary className="cursor-pointer rounded font-semibold">{words.moreSettings}</summary>
        <div className="mt-4 grid gap-4">
          {credentialsThat(false)}
          {MORE.map((name) => (
            <ConfigInput key={name} name={name} control={control} error={errorOf(`config.${name}`)} />
          ))}
        </div>
      </details>
    </FormDialog>
  );
}
