import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { type Message, MessageState } from "#web/screens/channels/outbox/message-state.tsx";
import { RetryButton } from "#web/screens/channels/outbox/retry-button.tsx";
import { cn } from "#web/ui/classes.ts";
import { TextLink } from "#web/ui/link.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";
import { TONE_TEXT } from "#web/ui/tone.ts";

/** A message that goes out: to whom, how far it came, why not further, and what can be done. */
export function OutboxMessage({ message }: { readonly message: Message }) {
  const { channels } = useTexts();
  const words = channels.outbox;
  const { chat, preview, media_count, state, error, run_id, created_at, ended_at } = message;
  const files = media_count > 0 ? words.files(media_count) : "";
  const canRetry = state === "failed" || state === "uncertain";
  return (
    <article className="grid grid-cols-[minmax(0,1fr)] gap-1 border-line border-b px-3 py-2.5 text-table">
      <p className="flex flex-wrap items-center gap-x-3">
        <MessageState message={message} />
        <span className="min-w-0 truncate font-mono text-code text-soft">{chat}</span>
        <TimeText iso={ended_at ?? created_at} className="ml-auto shrink-0 text-note text-soft" />
      </p>
      <p className="line-clamp-3 break-words">{preview || files}</p>
      {error && <p className={cn("min-w-0 break-words", TONE_TEXT[state === "failed" ? "bad" : "careful"])}>{error}</p>}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-note text-soft">
        <Progress message={message} />
        {preview && files && <span>{files}</span>}
        {run_id && <TextLink href={`/runs/${run_id}`}>{words.run}</TextLink>}
        {canRetry && (
          <span className="ml-auto">
            <RetryButton message={message} />
          </span>
        )}
      </div>
    </article>
  );
}

/** How far a message came. One that arrived at once needs no words. */
function Progress({ message: { state, attempt, parts = 1, parts_sent, next_attempt_at } }: { message: Message }) {
  const { channels } = useTexts();
  const words = channels.outbox;
  const format = useFormat();
  return (
    <>
      {parts > 1 && <span className="tabular">{words.partsOf(parts_sent, parts)}</span>}
      {(attempt > 1 || (attempt === 1 && state !== "sent")) && <span>{words.attempts(attempt)}</span>}
      {next_attempt_at && <span className="tabular">{words.nextAttempt(format.time(next_attempt_at))}</span>}
    </>
  );
}
