import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Controller } from "react-hook-form";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useAction, useCall } from "#web/live/use-call.ts";
import { useForm } from "#web/live/use-form.ts";
import { AgentChoice } from "#web/screens/tools/parts/agent-choice.tsx";
import { TakenRow } from "#web/screens/tools/parts/taken-row.tsx";
import type { Skill } from "#web/screens/tools/skills/skills-tab.tsx";
import { useVersionOptions } from "#web/screens/tools/skills/use-version-options.ts";
import { Badge } from "#web/ui/badge.tsx";
import { Button, IconButton } from "#web/ui/button.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { Select } from "#web/ui/fields/select.tsx";
import { Checkbox } from "#web/ui/fields/switch.tsx";
import { TextInput } from "#web/ui/fields/text-input.tsx";
import { TextLink } from "#web/ui/link.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Section } from "#web/ui/page/card.tsx";
import { useToast } from "#web/ui/toast.tsx";

type Grant = OutputOf<"skills.grants.list">["grants"][number];

/** Which agents and users a skill is granted to. */
export function SkillGrants({ skill }: { readonly skill: Skill }) {
  const { tools: words, ui } = useTexts();
  const grants = useCall("skills.grants.list", { id: skill.id });
  const revoke = useAction("skills.grants.revoke-agent");
  const grant = useAction("skills.grants.agent");
  const toast = useToast();
  const [taken, setTaken] = useState<readonly Grant[]>([]);
  const onError = ({ message }: Error) => toast({ tone: "bad", title: words.notChanged, text: message });
  const without = (gone: Grant) => taken.filter(({ agent_id }) => agent_id !== gone.agent_id);
  const take = (gone: Grant) =>
    revoke.mutate(
      { id: skill.id, agentID: gone.agent_id },
      { onError, onSuccess: () => setTaken([...without(gone), gone]) },
    );
  const giveBack = (gone: Grant) => {
    const version = gone.pinned_version === undefined ? {} : { version: gone.pinned_version };
    grant.mutate(
      { id: skill.id, agent_id: gone.agent_id, can_manage: gone.can_manage, ...version },
      { onError, onSuccess: () => setTaken(without(gone)) },
    );
  };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      {skill.visibility === "public" && <Callout tone="idle">{words.publicSkill}</Callout>}
      <Section title={words.grantedAgents}>
        <Answered query={grants}>
          {({ grants: all }) => {
            const gone = taken.filter(({ agent_id }) => !all.some((other) => other.agent_id === agent_id));
            return all.length === 0 && gone.length === 0 ? (
              <p className="text-soft">{words.noSkillGrants}</p>
            ) : (
              <ul className="grid">
                {all.map((grant) => (
                  <li
                    key={grant.agent_id}
                    className="flex min-h-11 items-center gap-3 border-line border-b last:border-0"
                  >
                    <TextLink href={`/agents/${grant.agent_key}?tab=skills`} className="min-w-0 flex-1 truncate">
                      {nameOf(grant)}
                    </TextLink>
                    {grant.pinned_version !== undefined && <Badge>{words.versionOf(grant.pinned_version)}</Badge>}
                    {grant.can_manage && <Badge>{words.manages}</Badge>}
                    <IconButton label={ui.remove(nameOf(grant))} icon={Trash2} size="sm" onClick={() => take(grant)} />
                  </li>
                ))}
                {gone.map((grant) => (
                  <TakenRow key={grant.agent_id} whom={nameOf(grant)} onUndo={() => giveBack(grant)} />
                ))}
              </ul>
            );
          }}
        </Answered>
      </Section>
      <AgentGrantForm skill={skill} />
      <UserGrantForm skill={skill} />
    </div>
  );
}

const nameOf = ({ display_name, agent_key }: Grant): string => display_name || agent_key;

function AgentGrantForm({ skill }: { readonly skill: Skill }) {
  const { tools: words } = useTexts();
  const grant = useAction("skills.grants.agent");
  const versions = useVersionOptions(skill);
  const { register, control, reset, onSubmit, errorOf, refusal } = useForm({
    defaultValues: { agent_id: "", can_manage: false, version: "" },
    async send({ version, ...input }) {
      await grant.mutateAsync({ id: skill.id, ...input, ...(version !== "" && { version: Number(version) }) });
      reset();
    },
  });
  return (
    <form onSubmit={onSubmit} className="grid gap-3">
      <Field label={words.grantAgent} error={errorOf("agent_id") ?? refusal}>
        <Controller
          control={control}
          name="agent_id"
          render={({ field: { value, onChange } }) => <AgentChoice value={value} onChange={onChange} />}
        />
      </Field>
      {versions.length > 1 && (
        <Field label={words.version} error={errorOf("version")}>
          <Controller
            control={control}
            name="version"
            render={({ field: { value, onChange } }) => (
              <Select
                value={value}
                onValueChange={onChange}
                options={[{ value: "", label: words.latestVersion }, ...versions]}
              />
            )}
          />
        </Field>
      )}
      <div className="flex flex-wrap items-center justify-between gap-3">
        <Checkbox {...register("can_manage")} label={words.canManage} />
        <Button type="submit" isBusy={grant.isPending}>
          {words.grant}
        </Button>
      </div>
    </form>
  );
}

/** The gateway does not list the users that have a skill, so both ways are offered by their names. */
function UserGrantForm({ skill }: { readonly skill: Skill }) {
  const { tools: words } = useTexts();
  const grant = useAction("skills.grants.user");
  const revoke = useAction("skills.grants.revoke-user");
  const toast = useToast();
  const { register, reset, getValues, onSubmit, errorOf, refusal } = useForm({
    defaultValues: { user_id: "" },
    async send({ user_id }) {
      await grant.mutateAsync({ id: skill.id, user_id });
      toast({ tone: "good", title: words.granted(user_id) });
      reset();
    },
  });
  function takeAway() {
    const { user_id } = getValues();
    if (user_id.trim() === "") return;
    revoke.mutate(
      { id: skill.id, userID: user_id },
      {
        onSuccess: () => {
          toast({ title: words.revoked(user_id) });
          reset();
        },
        onError: ({ message }) => toast({ tone: "bad", title: words.notChanged, text: message }),
      },
    );
  }
  return (
    <form onSubmit={onSubmit} className="grid gap-3">
      <Field label={words.grantUser} error={errorOf("user_id") ?? refusal}>
        <TextInput {...register("user_id")} autoComplete="off" spellCheck={false} />
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={takeAway} isBusy={revoke.isPending}>
          {words.takeAway}
        </Button>
        <Button type="submit" isBusy={grant.isPending}>
          {words.grant}
        </Button>
      </div>
    </form>
  );
}
