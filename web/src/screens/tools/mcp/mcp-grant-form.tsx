import { Controller } from "react-hook-form";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { AgentChoice } from "#web/screens/tools/parts/agent-choice.tsx";
import { Button } from "#web/ui/button.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TagsInput } from "#web/ui/fields/tags-input.tsx";
import { TextInput } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { useToast } from "#web/ui/toast.tsx";

interface Grant {
  readonly agent_id: string;
  readonly tool_allow: readonly string[];
  readonly tool_deny: readonly string[];
}

interface McpGrantFormProps {
  readonly serverId: string;
  /** A grant that is changed. Absent for a new one. */
  readonly grant?: Grant;
  /** The grant of a user instead of an agent. */
  readonly isForUser?: boolean;
  readonly onDone?: () => void;
}

interface Values {
  readonly agent_id: string;
  readonly user_id: string;
  readonly tool_allow: string[];
  readonly tool_deny: string[];
}

/** Says which tools of a server an agent or a user may use. */
export function McpGrantForm({ serverId, grant, isForUser = false, onDone }: McpGrantFormProps) {
  const { tools: words, ui } = useTexts();
  const toAgent = useAction("mcp.grants.set_agent");
  const toUser = useAction("mcp.grants.set_user");
  const fromUser = useAction("mcp.grants.revoke_user");
  const toast = useToast();
  const { register, control, reset, getValues, onSubmit, errorOf, refusal } = useForm<Values>({
    defaultValues: {
      agent_id: grant?.agent_id ?? "",
      user_id: "",
      tool_allow: [...(grant?.tool_allow ?? [])],
      tool_deny: [...(grant?.tool_deny ?? [])],
    },
    async send({ agent_id, user_id, ...lists }) {
      if (isForUser) await toUser.mutateAsync({ id: serverId, user_id, ...lists });
      else await toAgent.mutateAsync({ id: serverId, agent_id, ...lists });
      toast({ tone: "good", title: words.granted(isForUser ? user_id : agent_id) });
      reset();
      onDone?.();
    },
  });
  /** The gateway does not list the users of a server, so their grants are taken by name. */
  function takeAway() {
    const { user_id } = getValues();
    if (user_id.trim() === "") return;
    fromUser.mutate(
      { id: serverId, user_id },
      {
        onSuccess: () => toast({ title: words.revoked(user_id) }),
        onError: ({ message }) => toast({ tone: "bad", title: words.notChanged, text: message }),
      },
    );
  }
  return (
    <form onSubmit={onSubmit} className="grid grid-cols-[minmax(0,1fr)] gap-3">
      {refusal && <Callout tone="bad" title={refusal} />}
      {isForUser && (
        <Field label={words.user} error={errorOf("user_id")} isRequired>
          <TextInput {...register("user_id")} autoComplete="off" spellCheck={false} />
        </Field>
      )}
      {!isForUser && !grant && (
        <Field label={words.agent} error={errorOf("agent_id")} isRequired>
          <Controller
            control={control}
            name="agent_id"
            render={({ field: { value, onChange } }) => <AgentChoice value={value} onChange={onChange} />}
          />
        </Field>
      )}
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={words.onlyTools} hint={words.onlyToolsHint} error={errorOf("tool_allow")}>
          <Controller
            control={control}
            name="tool_allow"
            render={({ field: { value, onChange } }) => <TagsInput values={value} onChange={onChange} />}
          />
        </Field>
        <Field label={words.neverTools} error={errorOf("tool_deny")}>
          <Controller
            control={control}
            name="tool_deny"
            render={({ field: { value, onChange } }) => <TagsInput values={value} onChange={onChange} />}
          />
        </Field>
      </div>
      <div className="flex justify-end gap-2">
        {isForUser && (
          <Button isBusy={fromUser.isPending} onClick={takeAway}>
            {words.takeAway}
          </Button>
        )}
        <Button type="submit" isBusy={toAgent.isPending || toUser.isPending}>
          {grant ? ui.save : words.grant}
        </Button>
      </div>
    </form>
  );
}
