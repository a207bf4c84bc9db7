import { Controller } from "react-hook-form";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { AgentChoice } from "#web/screens/tools/parts/agent-choice.tsx";
import { Button } from "#web/ui/button.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TextArea } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { useToast } from "#web/ui/toast.tsx";

/** Asks the administrators for access to a server, for oneself or for an agent. */
export function McpAskForm({ serverId }: { readonly serverId: string }) {
  const { tools: words } = useTexts();
  const ask = useAction("mcp.requests.create");
  const toast = useToast();
  const { register, control, reset, onSubmit, errorOf, refusal } = useForm({
    defaultValues: { agent_id: "", reason: "" },
    async send({ agent_id, reason }) {
      await ask.mutateAsync({ server_id: serverId, reason, ...(agent_id !== "" && { agent_id }) });
      toast({ tone: "good", title: words.asked });
      reset();
    },
  });
  return (
    <form onSubmit={onSubmit} className="grid gap-3">
      {refusal && <Callout tone="bad" title={refusal} />}
      <Field label={words.forWhom} error={errorOf("agent_id")}>
        <Controller
          control={control}
          name="agent_id"
          render={({ field: { value, onChange } }) => (
            <AgentChoice value={value} onChange={onChange} empty={words.forMe} />
          )}
        />
      </Field>
      <Field label={words.reason} error={errorOf("reason")}>
        <TextArea {...register("reason")} rows={2} autoGrow />
      </Field>
      <Button type="submit" isBusy={ask.isPending} className="justify-self-end">
        {words.ask}
      </Button>
    </form>
  );
}
