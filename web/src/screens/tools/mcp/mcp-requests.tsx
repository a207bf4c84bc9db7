import { Check, X } from "lucide-react";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useAction, useCall } from "#web/live/use-call.ts";
import type { ListedServer } from "#web/screens/tools/mcp/mcp-tab.tsx";
import { Button } from "#web/ui/button.tsx";
import { Card } from "#web/ui/page/card.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";
import { useToast } from "#web/ui/toast.tsx";

type Request = OutputOf<"mcp.requests.list">["requests"][number];

/** Who waits for access to a server. Shown only while somebody does. */
export function McpRequests({ servers }: { readonly servers: readonly ListedServer[] }) {
  const { tools: words } = useTexts();
  const requests = useCall("mcp.requests.list", { status: "pending" });
  const isAdmin = hasRole(useCaller(), "admin");
  const waiting = requests.data?.requests ?? [];
  if (waiting.length === 0) return null;
  const nameOf = (id: string) => {
    const server = servers.find((server) => server.id === id);
    return server?.display_name || server?.name || id;
  };
  return (
    <Card title={isAdmin ? words.toReview(waiting.length) : words.yourRequests}>
      <ul className="grid">
        {waiting.map((request) => (
          <RequestRow key={request.id} request={request} serverName={nameOf(request.server_id)} mayReview={isAdmin} />
        ))}
      </ul>
    </Card>
  );
}

interface RequestRowProps {
  readonly request: Request;
  readonly serverName: string;
  readonly mayReview: boolean;
}

function RequestRow({ request, serverName, mayReview }: RequestRowProps) {
  const { tools: words } = useTexts();
  const review = useAction("mcp.requests.review");
  const agents = useCall("agents.list", {}, { isEnabled: request.scope === "agent" });
  const toast = useToast();
  const agent = agents.data?.agents.find(({ id }) => id === request.agent_id);
  const whom = agent?.display_name || agent?.agent_key || request.agent_id || request.user_id || request.requested_by;
  const decide = (approved: boolean) =>
    review.mutate(
      { id: request.id, approved },
      {
        onSuccess: () => toast({ tone: "good", title: approved ? words.approved(whom) : words.rejected(whom) }),
        onError: ({ message }) => toast({ tone: "bad", title: words.notChanged, text: message }),
      },
    );
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-b py-2 last:border-0">
      <div className="min-w-0 flex-1 basis-60">
        <p className="truncate font-medium">{words.wants(whom, serverName)}</p>
        <p className="line-clamp-2 text-note text-soft">
          {words.askedBy(request.requested_by)} <TimeText iso={request.created_at} />
          {request.reason && ` · ${request.reason}`}
        </p>
      </div>
      {mayReview && (
        <div className="flex gap-2">
          <Button size="sm" icon={X} disabled={review.isPending} onClick={() => decide(false)}>
            {words.reject}
          </Button>
          <Button size="sm" icon={Check} disabled={review.isPending} onClick={() => decide(true)}>
            {words.approve}
          </Button>
        </div>
      )}
    </li>
  );
}
