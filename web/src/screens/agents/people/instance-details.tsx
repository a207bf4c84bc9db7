import { useWatch } from "react-hook-form";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useAction, useCall } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import type { Agent } from "#web/screens/agents/draft/agent-draft.ts";
import { LeaveGuard } from "#web/screens/agents/draft/leave-guard.tsx";
import type { Instance } from "#web/screens/agents/people/instances-card.tsx";
import { Button } from "#web/ui/button.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { TextArea } from "#web/ui/fields/text-input.tsx";
import { TextLink } from "#web/ui/link.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Facts } from "#web/ui/page/facts.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";
import { useToast } from "#web/ui/toast.tsx";

const FILE = "USER.md";

interface InstanceDetailsProps {
  readonly agent: Agent;
  readonly instance: Instance;
  readonly mayChange: boolean;
}

/** What an agent keeps of one person, with the file that tells it about them. */
export function InstanceDetails({ agent, instance, mayChange }: InstanceDetailsProps) {
  const { agents: words } = useTexts();
  const { user_id, first_seen_at, last_seen_at, metadata } = instance;
  const files = useCall("agents.instances.files.list", { id: agent.id, userID: user_id });
  const runs = new URLSearchParams({ agent: agent.agent_key, user: user_id });
  return (
    <div className="grid gap-6">
      <Facts
        items={[
          { label: words.firstSeen, value: <TimeText iso={first_seen_at} mode="dateTime" /> },
          { label: words.lastSeen, value: <TimeText iso={last_seen_at} mode="dateTime" /> },
          ...Object.entries(metadata).map(([label, value]) => ({ label, value })),
          { label: words.tabs.runs, value: <TextLink href={`/runs?${runs}`}>{words.showRuns}</TextLink> },
        ]}
      />
      <Answered query={files}>
        {({ files: all }) => (
          <UserFile
            agent={agent}
            userId={user_id}
            content={all.find(({ file_name }) => file_name === FILE)?.content ?? ""}
            mayChange={mayChange}
          />
        )}
      </Answered>
    </div>
  );
}

interface UserFileProps {
  readonly agent: Agent;
  readonly userId: string;
  readonly content: string;
  readonly mayChange: boolean;
}

function UserFile({ agent, userId, content, mayChange }: UserFileProps) {
  const { agents: words, ui } = useTexts();
  const toast = useToast();
  const write = useAction("agents.instances.files.set");
  const { register, control, reset, onSubmit, errorOf, refusal } = useForm({
    defaultValues: { content },
    values: { content },
    async send(input) {
      await write.mutateAsync({ id: agent.id, userID: userId, fileName: FILE, ...input });
      reset(input, { keepDirtyValues: false });
      toast({ tone: "good", title: words.saved(FILE) });
    },
  });
  const isDirty = useWatch({ control, name: "content" }) !== content;
  return (
    <form onSubmit={onSubmit} className="grid gap-3">
      <LeaveGuard isDirty={isDirty} loses={({ item }) => item !== userId} />
      {refusal && <Callout tone="bad" title={refusal} />}
      <Field label={<code>{FILE}</code>} hint={words.userFileHint} error={errorOf("content")}>
        <TextArea {...register("content")} rows={12} isMono disabled={!mayChange} spellCheck={false} />
      </Field>
      {mayChange && (
        <Button type="submit" variant="primary" isBusy={write.isPending} className="justify-self-end">
          {ui.save}
        </Button>
      )}
    </form>
  );
}
