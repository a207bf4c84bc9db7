import { useNavigate } from "@tanstack/react-router";
import { Braces, Copy, Download, Ellipsis, ListTree, MessageSquare, RefreshCw, Square } from "lucide-react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useAction } from "#web/live/use-call.ts";
import { useDownload } from "#web/live/use-download.ts";
import type { Run } from "#web/screens/runs/run/story/to-steps.ts";
import { Button, IconButton } from "#web/ui/button.tsx";
import { useCopy } from "#web/ui/hooks/use-copy.ts";
import { Menu } from "#web/ui/menu.tsx";
import { useToast } from "#web/ui/toast.tsx";

/** What a person can do with a run. */
export function RunActions({ run }: { readonly run: Run }) {
  const { runs: words, ui } = useTexts();
  const { id, session_key, trace_id, agent_key, ended_at } = run;
  const navigate = useNavigate();
  const toast = useToast();
  const mayAct = hasRole(useCaller(), "operator");
  const cancel = useAction("runs.cancel");
  const repeat = useAction("runs.repeat");
  const copyId = useCopy(id);
  const copyTrace = useCopy(trace_id);
  const copySession = useCopy(session_key);
  const download = useDownload();
  const isOpen = ended_at === undefined;
  const tell = ({ message }: Error) => toast({ tone: "bad", title: message });

  async function runAgain() {
    const again = await repeat.mutateAsync({ id });
    toast({ tone: "good", title: words.startedAgain });
    await navigate({ to: "/runs/$runId", params: { runId: again.id } });
  }
  return (
    <>
      {isOpen && mayAct && (
        <Button icon={Square} isBusy={cancel.isPending} onClick={() => cancel.mutate({ id }, { onError: tell })}>
          {words.stop}
        </Button>
      )}
      {!isOpen && mayAct && (
        <Button icon={RefreshCw} isBusy={repeat.isPending} onClick={() => void runAgain().catch(tell)}>
          {words.again}
        </Button>
      )}
      <Button
        icon={MessageSquare}
        onClick={() => void navigate({ to: "/chat", search: { agent: agent_key, session: session_key, run: id } })}
      >
        {words.openChat}
      </Button>
      <Menu
        trigger={<IconButton icon={Ellipsis} label={ui.more} variant="secondary" />}
        items={[
          {
            label: words.sessionRuns,
            icon: ListTree,
            onSelect: () => void navigate({ to: "/runs", search: { session: session_key } }),
          },
          {
            label: words.download,
            icon: Download,
            onSelect: () => void download("traces.export", { id }, `trace-${id}.json.gz`),
          },
          "separator",
          { label: words.copyId, icon: Copy, onSelect: () => void copyId.copy() },
          { label: words.copyTrace, icon: Braces, onSelect: () => void copyTrace.copy() },
          { label: words.copySession, icon: Copy, onSelect: () => void copySession.copy() },
        ]}
      />
    </>
  );
}
