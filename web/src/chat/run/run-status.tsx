import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Status } from "#web/ui/status.tsx";

export type RunStatusName = OutputOf<"runs.get">["status"];

const TONES = {
  queued: "idle",
  running: "live",
  waiting: "careful",
  completed: "good",
  failed: "bad",
  cancelled: "idle",
} as const;

/** The state of a run, by shape and word. */
export function RunStatus({ status }: { readonly status: RunStatusName }) {
  const { conversation: words } = useTexts();
  return <Status tone={TONES[status]}>{words.runStates[status]}</Status>;
}
