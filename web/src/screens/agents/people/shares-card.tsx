import { Trash2, UserPlus } from "lucide-react";
import { useId } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useAction, useCall } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import type { Agent } from "#web/screens/agents/draft/agent-draft.ts";
import { Avatar } from "#web/ui/avatar.tsx";
import { Button, IconButton } from "#web/ui/button.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TextInput } from "#web/ui/fields/text-input.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Card } from "#web/ui/page/card.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";
import { useToast } from "#web/ui/toast.tsx";

/** With whom an agent is shared, beside its owner. */
export function SharesCard({ agent }: { readonly agent: Agent }) {
  const { agents: words, ui } = useTexts();
  const shares = useCall("agents.shares.list", { id: agent.id });
  const share = useAction("agents.shares.set");
  const remove = useAction("agents.shares.remove");
  const toast = useToast();
  const fail = (thrown: Error) => toast({ tone: "bad", title: words.notChanged, text: thrown.message });
  return (
    <Card title={words.sharedWith}>
      <div className="grid gap-4">
        {agent.is_default && <Callout tone="idle">{words.defaultIsShared}</Callout>}
        <Answered query={shares}>
          {({ shares: all }) =>
            all.length === 0 ? (
              <p className="text-soft">{words.notShared(agent.owner_id)}</p>
            ) : (
              <ul className="grid">
                {all.map(({ id, user_id, role, granted_by, created_at }) => (
                  <li key={id} className="flex min-h-11 items-center gap-3 border-line border-b last:border-0">
                    <Avatar name={user_id} />
                    <span className="min-w-0 flex-1 truncate">{user_id}</span>
                    <span className="truncate text-note text-soft max-sm:hidden">
                      {words.sharedBy(granted_by)} <TimeText iso={created_at} />
                    </span>
                    <IconButton
                      label={ui.remove(user_id)}
                      icon={Trash2}
                      size="sm"
                      onClick={() =>
                        remove.mutate(
                          { id: agent.id, userID: user_id },
                          {
                            onError: fail,
                            onSuccess: () =>
                              toast({
                                title: words.unshared(user_id),
                                undo: () => share.mutate({ id: agent.id, user_id, role }, { onError: fail }),
                              }),
                          },
                        )
                      }
                    />
                  </li>
                ))}
              </ul>
            )
          }
        </Answered>
        <ShareForm agent={agent} />
      </div>
    </Card>
  );
}

function ShareForm({ agent }: { readonly agent: Agent }) {
  const { agents: words } = useTexts();
  const formId = useId();
  const share = useAction("agents.shares.set");
  const { register, reset, onSubmit, errorOf, refusal } = useForm({
    defaultValues: { user_id: "" },
    async send(input) {
      await share.mutateAsync({ id: agent.id, ...input });
      reset();
    },
  });
  return (
    <form id={formId} onSubmit={onSubmit} className="flex items-start gap-2">
      <div className="min-w-0 max-w-sm flex-1">
        <Field label={words.userId} error={errorOf("user_id") ?? refusal}>
          <TextInput {...register("user_id")} autoComplete="off" spellCheck={false} />
        </Field>
      </div>
      <Button type="submit" icon={UserPlus} isBusy={share.isPending} className="mt-[26px]">
        {words.share}
      </Button>
    </form>
  );
}
