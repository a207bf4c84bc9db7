import { useNavigate, useSearch } from "@tanstack/react-router";
import { ChevronLeft, Ellipsis, Pencil, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import type { OutputOf } from "#client/index.ts";
import { Markdown } from "#web/chat/markdown/markdown.tsx";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useAction, useCall } from "#web/live/use-call.ts";
import { DocumentFacts } from "#web/screens/knowledge/memory/document-facts.tsx";
import { DocumentSource, type Stretch } from "#web/screens/knowledge/memory/document-source.tsx";
import { EditDocument } from "#web/screens/knowledge/memory/edit-document.tsx";
import { type MemoryKey, toDocumentInput } from "#web/screens/knowledge/memory/memory-key.ts";
import { Button, IconButton } from "#web/ui/button.tsx";
import { Segments } from "#web/ui/fields/segments.tsx";
import { Menu } from "#web/ui/menu.tsx";
import { Card } from "#web/ui/page/card.tsx";
import { useToast } from "#web/ui/toast.tsx";

type Document = OutputOf<"memory.documents.get">;

interface MemoryDocumentProps {
  readonly id: MemoryKey;
  /** The stretch that a search found. */
  readonly hit: OutputOf<"memory.list">["entries"][number] | undefined;
}

/** A document of memory: to read, as it is searched, and to write. */
export function MemoryDocument({ id, hit }: MemoryDocumentProps) {
  const query = useCall("memory.documents.get", toDocumentInput(id));
  const stretch =
    hit?.start_line === undefined || hit.end_line === undefined
      ? undefined
      : { start: hit.start_line, end: hit.end_line };
  return (
    <Card>
      <Answered query={query}>{(document) => <Opened id={id} document={document} stretch={stretch} />}</Answered>
    </Card>
  );
}

interface OpenedProps {
  readonly id: MemoryKey;
  readonly document: Document;
  readonly stretch: Stretch | undefined;
}

function Opened({ id, document, stretch }: OpenedProps) {
  const { knowledge: words, ui } = useTexts();
  const { q, agent, user } = useSearch({ from: "/knowledge" });
  const navigate = useNavigate({ from: "/knowledge" });
  const toast = useToast();
  const caller = useCaller();
  const put = useAction("memory.documents.put");
  const remove = useAction("memory.documents.delete");
  const index = useAction("memory.index");
  const [view, setView] = useState<"text" | "source">(stretch ? "source" : "text");
  const [isEditing, setIsEditing] = useState(false);
  // Others than administrators write only what is theirs.
  const mayDelete = hasRole(caller, "admin") || (hasRole(caller, "operator") && document.user_id !== undefined);
  const input = toDocumentInput(id);
  const onError = ({ message }: { readonly message: string }) => toast({ tone: "bad", title: message });
  const close = () => navigate({ search: { ...(q && { q }), ...(agent && { agent }), ...(user && { user }) } });

  const forget = () =>
    remove.mutate(input, {
      onError,
      onSuccess() {
        void close();
        toast({
          tone: "good",
          title: words.forgotten(document.path),
          undo: () => put.mutate({ ...input, content: document.content }, { onError }),
        });
      },
    });

  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
      <header className="flex flex-wrap items-start gap-2">
        <IconButton icon={ChevronLeft} label={words.back} onClick={() => void close()} className="lg:hidden" />
        <div className="min-w-0 flex-1 basis-48">
          <h2 className="break-words font-semibold">{document.path}</h2>
          <DocumentFacts id={id} document={document} />
        </div>
        {!isEditing && (
          <Segments
            aria-label={words.view}
            value={view}
            onValueChange={(value) => setView(value === "source" ? "source" : "text")}
            options={[
              { value: "text", label: words.asText },
              { value: "source", label: words.asSource },
            ]}
          />
        )}
        {hasRole(caller, "operator") && !isEditing && (
          <>
            <Button icon={Pencil} onClick={() => setIsEditing(true)}>
              {words.edit}
            </Button>
            <Menu
              trigger={<IconButton icon={Ellipsis} label={ui.more} variant="secondary" />}
              items={[
                {
                  label: words.indexAgain,
                  icon: RefreshCw,
                  onSelect: () =>
                    index.mutate(input, {
                      onError,
                      onSuccess: () => toast({ tone: "good", title: words.indexed }),
                    }),
                },
                {
                  label: words.forget,
                  icon: Trash2,
                  isDangerous: true,
                  isDisabled: !mayDelete,
                  reason: words.notYours,
                  onSelect: forget,
                },
              ]}
            />
          </>
        )}
      </header>
      {isEditing ? (
        <EditDocument id={id} document={document} onDone={() => setIsEditing(false)} />
      ) : view === "source" ? (
        <DocumentSource id={id} content={document.content} hit={stretch} />
      ) : (
        <div className="max-w-[72ch]">
          <Markdown text={document.content} />
        </div>
      )}
    </div>
  );
}
