import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Status } from "#web/ui/status.tsx";
import type { Tone } from "#web/ui/tone.ts";

type State = OutputOf<"mcp.servers.get">["state"];

const TONES: Readonly<Record<State, Tone>> = { idle: "idle", connecting: "live", connected: "good", failed: "bad" };

interface McpStateProps {
  readonly state: State;
  /** False for a server that is switched off, whose connections are no matter then. */
  readonly isOn?: boolean;
}

/** How the connection to a server fares, by shape and word. */
export function McpState({ state, isOn = true }: McpStateProps) {
  const { tools: words } = useTexts();
  return isOn ? (
    <Status tone={TONES[state]}>{words.mcpStates[state]}</Status>
  ) : (
    <Status tone="idle">{words.off}</Status>
  );
}
