import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Status } from "#web/ui/status.tsx";
import type { Tone } from "#web/ui/tone.ts";

type State = OutputOf<"channels.instances.status">["state"];

const TONES: Readonly<Record<State, Tone>> = {
  registered: "idle",
  starting: "live",
  healthy: "good",
  degraded: "careful",
  failed: "bad",
  stopped: "idle",
};

/** How an account fares, by shape and word. */
export function InstanceState({ state }: { readonly state: State }) {
  const { channels: words } = useTexts();
  return <Status tone={TONES[state]}>{words.states[state]}</Status>;
}
