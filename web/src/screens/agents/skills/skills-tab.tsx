import { useCallback, useMemo } from "react";
import { useWatch } from "react-hook-form";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller, useGateway } from "#web/live/gateway.tsx";
import { toKey } from "#web/live/query-key.ts";
import { useAction, useCall } from "#web/live/use-call.ts";
import type { AgentTabProps } from "#web/screens/agents/draft/use-agent-form.ts";
import { Badge } from "#web/ui/badge.tsx";
import { Switch } from "#web/ui/fields/switch.tsx";
import { TextLink } from "#web/ui/link.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import type { Column } from "#web/ui/table/column.ts";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { useToast } from "#web/ui/toast.tsx";

type AgentSkill = OutputOf<"agents.skills.list">["skills"][number];

/** Which skills an agent has: those for everybody, those it was granted, and those its prompt always names. */
export function SkillsTab({ agent, form, mayChange }: AgentTabProps) {
  const { agents: words } = useTexts();
  const skills = useCall("agents.skills.list", { agentID: agent.id });
  const grant = useGrant(agent.id);
  const mayGrant = hasRole(useCaller(), "admin");
  const pinned = useWatch({ control: form.control, name: "pinned_skills" });
  const { setValue } = form;
  const pin = useCallback(
    (slug: string, isPinned: boolean) =>
      setValue("pinned_skills", isPinned ? [...pinned, slug] : pinned.filter((other) => other !== slug), {
        shouldDirty: true,
      }),
    [pinned, setValue],
  );
  const columns = useMemo<readonly Column<AgentSkill>[]>(
    () => [
      {
        key: "name",
        header: words.skill,
        width: "minmax(0, 2fr)",
        cell: ({ name, description }) => (
          <span title={description}>
            <span className="font-medium">{name}</span> <span className="text-soft max-sm:hidden">{description}</span>
          </span>
        ),
      },
      {
        key: "visibility",
        header: words.visibility,
        width: "8rem",
        cell: ({ visibility }) => <Badge>{words.visibilities[visibility]}</Badge>,
        hideOnPhone: true,
      },
      {
        key: "granted",
        header: words.granted,
        width: "6rem",
        // What is for everybody needs no grant, but one that is there can be taken back.
        cell: (skill) =>
          skill.visibility === "public" && !skill.granted ? (
            <span className="text-soft">{words.notNeeded}</span>
          ) : (
            <Switch
              isOn={skill.granted}
              onChange={(isOn) => grant(skill, isOn)}
              label={words.grantTo(skill.name)}
              hidesLabel
              disabled={!mayGrant}
            />
          ),
      },
      {
        key: "pinned",
        header: words.pinned,
        width: "6rem",
        cell: ({ slug, name }) => (
          <Switch
            isOn={pinned.includes(slug)}
            onChange={(isOn) => pin(slug, isOn)}
            label={words.pinOf(name)}
            hidesLabel
            disabled={!mayChange}
          />
        ),
        hideOnPhone: true,
      },
    ],
    [words, grant, pin, pinned, mayGrant, mayChange],
  );
  return (
    <div className="grid min-w-0 gap-3">
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-1">
        <p className="max-w-[72ch] text-soft">{words.skillsHint}</p>
        <TextLink href="/tools?tab=skills">{words.allSkills}</TextLink>
      </div>
      <Answered query={skills}>
        {({ skills: all }) =>
          all.length === 0 ? (
            <EmptyState title={words.noSkills} hint={words.noSkillsHint} />
          ) : (
            <DataTable rows={all} columns={columns} rowKey={keyOf} label={words.tabs.skills} total={all.length} />
          )
        }
      </Answered>
    </div>
  );
}

const keyOf = ({ id }: AgentSkill) => id;

/** Returns a function that gives a skill to the agent, or takes it away. */
function useGrant(agentId: string) {
  const { agents: words } = useTexts();
  const { queries } = useGateway();
  const { mutateAsync: giveSkill } = useAction("skills.grants.agent");
  const { mutateAsync: takeSkill } = useAction("skills.grants.revoke-agent");
  const toast = useToast();
  return useCallback(
    (skill: AgentSkill, isOn: boolean) => {
      const change = isOn
        ? giveSkill({ id: skill.id, agent_id: agentId })
        : takeSkill({ id: skill.id, agentID: agentId });
      change.then(
        () => queries.invalidateQueries({ queryKey: toKey("agents.skills.list", { agentID: agentId }) }),
        (thrown: Error) => toast({ tone: "bad", title: words.notChanged, text: thrown.message }),
      );
    },
    [agentId, giveSkill, takeSkill, queries, toast, words],
  );
}
