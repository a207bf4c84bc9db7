import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Status } from "#web/ui/status.tsx";
import type { Tone } from "#web/ui/tone.ts";

export type Message = OutputOf<"channels.outbound.list">["messages"][number];

const TONES: Readonly<Record<Message["state"], Tone>> = {
  pending: "live",
  held: "idle",
  sent: "good",
  uncertain: "careful",
  failed: "bad",
};

/** What became of a message, by shape and word. */
export function MessageState({ message: { state, error } }: { readonly message: Message }) {
  const { channels } = useTexts();
  const { states, retrying } = channels.outbox;
  const isRetrying = state === "pending" && error !== undefined;
  return <Status tone={isRetrying ? "careful" : TONES[state]}>{isRetrying ? retrying : states[state]}</Status>;
}
