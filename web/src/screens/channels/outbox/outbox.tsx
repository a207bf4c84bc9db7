import { useNavigate, useSearch } from "@tanstack/react-router";
import { Send } from "lucide-react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { usePages } from "#web/live/use-call.ts";
import { OutboxMessage } from "#web/screens/channels/outbox/outbox-message.tsx";
import { Button } from "#web/ui/button.tsx";
import { Select } from "#web/ui/fields/select.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { VirtualList } from "#web/ui/table/virtual-list.tsx";

const STATES = ["pending", "failed", "uncertain", "sent", "held"] as const;

/** The messages that an account sends, newest first, with those that could not be sent. */
export function Outbox({ id }: { readonly id: string }) {
  const { channels, ui } = useTexts();
  const words = channels.outbox;
  const { show } = useSearch({ from: "/channels" });
  const navigate = useNavigate({ from: "/channels" });
  const state = STATES.find((name) => name === show);
  const messages = usePages("channels.outbound.list", { id, ...(state && { state }) }, (answer) => answer.messages);
  const choose = (show: string) =>
    void navigate({ search: ({ show: _, ...before }) => ({ ...before, ...(show && { show }) }), replace: true });
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <Select
        aria-label={words.state}
        value={state ?? ""}
        onValueChange={choose}
        options={[
          { value: "", label: words.all },
          ...STATES.map((name) => ({ value: name, label: words.states[name] })),
        ]}
        className="w-56 max-w-full"
      />
      <Answered query={messages}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState icon={Send} title={state ? words.noneOfState : words.empty} hint={!state && words.emptyHint} />
          ) : (
            <div className="rounded-lg border border-line bg-card">
              <VirtualList
                items={rows}
                itemKey={(message) => message.id}
                label={channels.parts.outbox}
                estimate={96}
                className="max-h-[calc(100dvh-14rem)] rounded-lg"
                render={(message) => <OutboxMessage message={message} />}
              />
              {messages.hasNextPage && (
                <div className="flex justify-center border-line border-t p-2">
                  <Button
                    variant="ghost"
                    size="sm"
                    isBusy={messages.isFetchingNextPage}
                    onClick={() => void messages.fetchNextPage()}
                  >
                    {ui.loadMore}
                  </Button>
                </div>
              )}
            </div>
          )
        }
      </Answered>
    </div>
  );
}
