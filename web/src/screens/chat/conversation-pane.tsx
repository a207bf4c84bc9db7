import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { GoClawError, type OutputOf } from "#client/index.ts";
import { Composer, type Draft } from "#web/chat/composer/composer.tsx";
import type { AgentItem, PersonItem } from "#web/chat/transcript/to-items.ts";
import { Transcript } from "#web/chat/transcript/transcript.tsx";
import { useConversation } from "#web/chat/use-conversation.ts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { Refused } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useDrafts } from "#web/live/drafts.tsx";
import { useCaller } from "#web/live/gateway.tsx";
import { useAction } from "#web/live/use-call.ts";
import { ConversationHeader } from "#web/screens/chat/conversation-header.tsx";
import { useFilesAgain } from "#web/screens/chat/use-files-again.ts";
import { useVersions } from "#web/screens/chat/use-versions.ts";
import { Avatar } from "#web/ui/avatar.tsx";
import { Button } from "#web/ui/button.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { EmptyState, LoadingState } from "#web/ui/states.tsx";
import { useToast } from "#web/ui/toast.tsx";

type Agent = OutputOf<"agents.list">["agents"][number];

interface ConversationPaneProps {
  readonly agents: readonly Agent[];
  /** True if the person has just begun this conversation, and writes on. */
  readonly isBegun: boolean;
  readonly onBegin: (session: string) => void;
}

/** The conversation that is open, or the beginning of a new one. */
export function ConversationPane({ agents, isBegun, onBegin }: ConversationPaneProps) {
  const { chat: words, ui } = useTexts();
  const { agent: wanted, of, session: sessionKey } = useSearch({ from: "/chat" });
  const navigate = useNavigate({ from: "/chat" });
  const mayWrite = hasRole(useCaller(), "operator");
  const toast = useToast();
  const format = useFormat();
  const agentKey = sessionKey?.split(":")[1] ?? wanted ?? of ?? "default";
  const agent = agents.find(({ agent_key, id }) => agent_key === agentKey || id === agentKey);
  const name = agent?.display_name || agentKey;
  const conversation = useConversation(agentKey, sessionKey);
  const { items, isLoaded, isBusy, refusal, loadOlder } = conversation;
  const branch = useAction("sessions.branch");
  const start = useAction("runs.start");
  const filesAgain = useFilesAgain(sessionKey);
  const [edited, setEdited] = useState<PersonItem>();
  const drafts = useDrafts();
  const place = edited?.key ?? sessionKey ?? `new ${agentKey}`;

  const tell = useCallback(
    (thrown: unknown) => {
      if (thrown instanceof GoClawError) toast({ tone: "bad", title: words.notSent, text: thrown.message });
      throw thrown;
    },
    [toast, words],
  );

  const openSession = (session: string) =>
    navigate({ search: ({ q, of }) => ({ session, ...(q && { q }), ...(of && { of }) }) });

  /** Says something else at an earlier place: in a new session that goes on from the message before it. */
  async function sayInstead({ parentId, media }: PersonItem, { text, attachments: added }: Draft) {
    const attachments = [...(await filesAgain(media)), ...added];
    const session =
      parentId === null || sessionKey === undefined
        ? undefined
        : (await branch.mutateAsync({ key: sessionKey, message_id: parentId })).key;
    const run = await start.mutateAsync({
      id: agentKey,
      input: text,
      ...(session !== undefined && { session_key: session }),
      ...(attachments.length > 0 && { attachments }),
    });
    setEdited(undefined);
    await openSession(run.session_key);
    toast({ tone: "good", title: words.branched });
  }

  async function send(draft: Draft) {
    if (edited) return sayInstead(edited, draft).catch(tell);
    const run = await conversation.send(draft).catch(tell);
    if (sessionKey !== undefined) return;
    // What was written since the message left belongs to the conversation that it began.
    drafts.set(run.session_key, drafts.get(place));
    drafts.set(place, "");
    onBegin(run.session_key);
    await openSession(run.session_key);
  }

  /** Asks the question before an answer once more. */
  function regenerate(item: AgentItem) {
    const place = items.findIndex(({ key }) => key === item.key);
    const question = items.slice(0, place).findLast((each) => each.kind === "person");
    if (question && question.messageId !== "")
      sayInstead(question, { text: question.text, attachments: [] })
        .catch(tell)
        .catch(() => {});
  }

  const onHow = useCallback(
    (run: string) => void navigate({ search: (before) => ({ ...before, run }), replace: true }),
    [navigate],
  );

  const { runs } = conversation;
  const usageOf = useCallback(
    (runId: string) => {
      const run = runs.get(runId);
      if (!run) return undefined;
      const { input_tokens, output_tokens } = run.usage;
      return words.used(format.compact(input_tokens + output_tokens), format.money(run.cost));
    },
    [runs, words, format],
  );
  const versionOf = useVersions(sessionKey, openSession);

  return (
    <section className="flex min-h-0 min-w-0 flex-1 flex-col">
      <ConversationHeader agent={agent} name={name} sessionKey={sessionKey} session={conversation.session} />
      {refusal ? (
        <div className="flex-1">
          <Refused error={refusal} />
        </div>
      ) : !isLoaded ? (
        <div className="flex-1">
          <LoadingState />
        </div>
      ) : items.length === 0 ? (
        <div className="flex flex-1 flex-col items-center justify-center">
          <EmptyState
            picture={<Avatar name={name} emoji={agent?.emoji} size="lg" />}
            title={words.hello(name)}
            hint={agent?.frontmatter || words.helloHint}
          />
          {mayWrite && (
            <ul className="flex flex-wrap justify-center gap-2 px-4">
              {words.suggestions.map((text) => (
                <li key={text}>
                  <Button onClick={() => void send({ text, attachments: [] }).catch(() => {})}>{text}</Button>
                </li>
              ))}
            </ul>
          )}
        </div>
      ) : (
        <Transcript
          items={items}
          agentName={name}
          sessionKey={sessionKey ?? ""}
          onOlder={loadOlder}
          onHow={onHow}
          usageOf={usageOf}
          versionOf={versionOf}
          {...(mayWrite && { onEdit: setEdited, onRegenerate: regenerate })}
        />
      )}
      <div className="mx-auto flex w-full max-w-[792px] flex-col gap-2 px-4 pb-4">
        {edited && (
          <Callout tone="idle" action={<Button onClick={() => setEdited(undefined)}>{ui.cancel}</Button>}>
            {words.editing}
          </Callout>
        )}
        {mayWrite ? (
          <Composer
            key={edited?.key ?? "new"}
            place={place}
            agentName={name}
            isBusy={isBusy && !edited}
            onSend={send}
            onStop={conversation.stop}
            initialText={edited?.text ?? ""}
            takesFocus={isBegun ? "always" : "with keys"}
          />
        ) : (
          <Callout tone="idle">{words.readOnly}</Callout>
        )}
      </div>
    </section>
  );
}
