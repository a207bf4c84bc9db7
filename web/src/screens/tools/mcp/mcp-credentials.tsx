import { Controller } from "react-hook-form";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useAction, useCall } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import type { ListedServer } from "#web/screens/tools/mcp/mcp-tab.tsx";
import { fromPairs, type SecretPair, SecretPairs } from "#web/screens/tools/parts/secret-pairs.tsx";
import { Button } from "#web/ui/button.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { SecretInput } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Status } from "#web/ui/status.tsx";
import { useToast } from "#web/ui/toast.tsx";

/** The credentials of the person who looks, with which a server is called for them alone. */
export function McpCredentials({ server }: { readonly server: ListedServer }) {
  const { tools: words } = useTexts();
  const status = useCall("mcp.credentials.get", { id: server.id });
  const mayStore = hasRole(useCaller(), "operator");
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <p className="max-w-[72ch] text-soft">
        {server.settings.require_user_credentials === true ? words.credentialsNeeded : words.credentialsHint}
      </p>
      <Answered query={status}>
        {({ has_credentials }) => (
          <>
            <Status tone={has_credentials ? "good" : "idle"}>
              {has_credentials ? words.hasCredentials : words.noCredentials}
            </Status>
            {mayStore && <CredentialsForm serverId={server.id} isStored={has_credentials} />}
          </>
        )}
      </Answered>
    </div>
  );
}

interface CredentialsFormProps {
  readonly serverId: string;
  readonly isStored: boolean;
}

function CredentialsForm({ serverId, isStored }: CredentialsFormProps) {
  const { tools: words, ui } = useTexts();
  const store = useAction("mcp.credentials.set");
  const remove = useAction("mcp.credentials.delete");
  const toast = useToast();
  const { register, control, reset, onSubmit, errorOf, refusal } = useForm({
    defaultValues: { api_key: "", headers: [] as SecretPair[] },
    async send({ api_key, headers }) {
      await store.mutateAsync({
        id: serverId,
        ...(api_key !== "" && { api_key }),
        ...(headers.length > 0 && { headers: fromPairs(headers) }),
      });
      reset();
      toast({ tone: "good", title: words.credentialsStored });
    },
  });
  return (
    <form onSubmit={onSubmit} className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {refusal && <Callout tone="bad" title={refusal} />}
      <Field label={words.apiKey} hint={words.apiKeyHint} error={errorOf("api_key")}>
        <SecretInput {...register("api_key")} placeholder={isStored ? words.stored : ""} />
      </Field>
      <Controller
        control={control}
        name="headers"
        render={({ field: { value, onChange } }) => (
          <SecretPairs label={words.headers} pairs={value} onChange={onChange} />
        )}
      />
      <div className="flex justify-end gap-2">
        {isStored && (
          <Button
            isBusy={remove.isPending}
            onClick={() =>
              remove.mutate(
                { id: serverId },
                { onError: ({ message }) => toast({ tone: "bad", title: words.notChanged, text: message }) },
              )
            }
          >
            {words.forget}
          </Button>
        )}
        <Button type="submit" variant="primary" isBusy={store.isPending}>
          {ui.save}
        </Button>
      </div>
    </form>
  );
}
