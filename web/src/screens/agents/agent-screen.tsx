import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { ArrowLeft, MessageSquare, Play } from "lucide-react";
import { useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useCall } from "#web/live/use-call.ts";
import { AGENT_TABS, AgentTab, findTab } from "#web/screens/agents/agent-tab.tsx";
import { type Agent, toDraft } from "#web/screens/agents/draft/agent-draft.ts";
import { isOwn, mayEdit } from "#web/screens/agents/draft/may-edit.ts";
import { SaveBar } from "#web/screens/agents/draft/save-bar.tsx";
import { useAgentForm } from "#web/screens/agents/draft/use-agent-form.ts";
import type { WrittenFile } from "#web/screens/agents/draft/use-run-draft.ts";
import { AgentMenu } from "#web/screens/agents/list/agent-menu.tsx";
import { AgentStatus } from "#web/screens/agents/list/agent-status.tsx";
import { SummonNotice } from "#web/screens/agents/overview/summon-notice.tsx";
import { TryAgent } from "#web/screens/agents/try/try-agent.tsx";
import { Avatar } from "#web/ui/avatar.tsx";
import { Badge } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { Drawer } from "#web/ui/dialogs/drawer.tsx";
import { useMedia } from "#web/ui/hooks/use-media.ts";
import { TextLink } from "#web/ui/link.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Page } from "#web/ui/page/page.tsx";
import { Tabs } from "#web/ui/tabs.tsx";

/** One agent: who it is, what it may, who uses it, and a chat that tries it. */
export function AgentScreen() {
  const { agents: words } = useTexts();
  const { agentId } = useParams({ from: "/agents/$agentId" });
  const agent = useCall("agents.get", { id: agentId });
  if (agent.data) return <AgentView key={agent.data.id} agent={agent.data} />;
  return (
    <Page title={agentId} above={<TextLink href="/agents">{words.title}</TextLink>}>
      <Answered query={agent}>{() => null}</Answered>
    </Page>
  );
}

function AgentView({ agent }: { readonly agent: Agent }) {
  const { agents: words } = useTexts();
  const { tab: wanted } = useSearch({ from: "/agents/$agentId" });
  const navigate = useNavigate();
  const form = useAgentForm(agent);
  const caller = useCaller();
  const mayChange = mayEdit(caller, agent);
  const isWide = useMedia("(min-width: 1280px)");
  const [sessionKey, setSessionKey] = useState<string>();
  const trial = { sessionKey, setSessionKey };
  const [file, setFile] = useState<WrittenFile>();
  const [isTrying, setIsTrying] = useState(false);
  const tab = findTab(wanted);
  const name = agent.display_name || agent.agent_key;
  const address = `/agents/${encodeURIComponent(agent.agent_key)}`;
  const openChat = () => void navigate({ to: "/chat", search: { agent: agent.agent_key } });
  const mayTry = hasRole(caller, "operator");
  const hasTry = mayTry && tab.isTried && isWide;

  return (
    <Page
      above={
        <TextLink href="/agents" className="inline-flex items-center gap-1">
          <ArrowLeft aria-hidden className="size-3.5" />
          {words.title}
        </TextLink>
      }
      title={
        <span className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
          <Avatar name={name} emoji={agent.emoji} size="lg" />
          <span className="min-w-0 break-words">{name}</span>
          <span className="flex items-center gap-2 font-normal text-body">
            <AgentStatus status={agent.status} />
            {agent.is_default && <Badge>{words.isDefault}</Badge>}
          </span>
        </span>
      }
      actions={
        <>
          {mayTry && !hasTry && (
            <Button icon={Play} onClick={() => setIsTrying(true)}>
              {words.tryIt}
            </Button>
          )}
          <Button icon={MessageSquare} onClick={openChat}>
            {words.chat}
          </Button>
          <AgentMenu
            agent={agent}
            onChat={openChat}
            onDeleted={async () => {
              form.reset(toDraft(agent), { keepDirtyValues: false });
              await navigate({ to: "/agents", ignoreBlocker: true });
            }}
          />
        </>
      }
      tabs={
        <Tabs
          label={name}
          value={tab.value}
          items={AGENT_TABS.filter(({ isForOwner }) => !isForOwner || isOwn(caller, agent)).map(({ value }) => ({
            value,
            label: words.tabs[value],
            href: value === "overview" ? address : `${address}?tab=${value}`,
          }))}
        />
      }
    >
      <div className={hasTry ? "grid grid-cols-[minmax(0,1fr)_25rem] items-start gap-6" : "grid min-w-0"}>
        <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
          <SummonNotice agent={agent} mayChange={mayChange} />
          {!mayChange && tab.fields && <Callout tone="idle">{words.readOnly(agent.owner_id)}</Callout>}
          <AgentTab tab={tab} agent={agent} form={form} mayChange={mayChange} onWrite={setFile} />
          {mayChange && <SaveBar agent={agent} form={form} />}
        </div>
        {hasTry && (
          <div className="sticky top-4 h-[calc(100dvh-11.5rem)] min-h-0">
            <TryAgent agent={agent} form={form} file={file} trial={trial} />
          </div>
        )}
      </div>
      <Drawer
        isOpen={isTrying && !hasTry}
        onClose={() => setIsTrying(false)}
        title={words.tryIt}
        className="[&>div]:p-0"
      >
        <TryAgent agent={agent} form={form} file={file} trial={trial} isFramed={false} />
      </Drawer>
    </Page>
  );
}
