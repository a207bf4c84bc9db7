import type { OutputOf } from "#client/index.ts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { useAgentName } from "#web/live/use-agent-name.ts";
import type { MemoryKey } from "#web/screens/knowledge/memory/memory-key.ts";
import { TimeText } from "#web/ui/text/time-text.tsx";

interface DocumentFactsProps {
  readonly id: MemoryKey;
  readonly document: OutputOf<"memory.documents.get">;
}

/** Whose a document is, when it was changed, and how searches find it. */
export function DocumentFacts({ id, document }: DocumentFactsProps) {
  const { knowledge: words } = useTexts();
  const format = useFormat();
  const nameOf = useAgentName();
  const { user_id, updated_at, chunk_count, embedded_count } = document;
  return (
    <p className="tabular flex flex-wrap gap-x-2 text-note text-soft">
      <span>{nameOf(id.of)}</span>
      <span aria-hidden="true">·</span>
      <span>{user_id ?? words.everybody}</span>
      <span aria-hidden="true">·</span>
      <TimeText iso={new Date(updated_at).toISOString()} />
      <span aria-hidden="true">·</span>
      <span>{words.parts(format.number(chunk_count), chunk_count)}</span>
      <span aria-hidden="true">·</span>
      <span>{embedded_count === 0 ? words.byWords : words.byMeaning(format.number(embedded_count))}</span>
    </p>
  );
}
