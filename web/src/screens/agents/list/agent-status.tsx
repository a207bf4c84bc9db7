import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Status } from "#web/ui/status.tsx";

type State = OutputOf<"agents.get">["status"];

const TONES = { active: "good", inactive: "idle", summoning: "live", summon_failed: "bad" } as const;

/** The state that an agent is in. */
export function AgentStatus({ status }: { readonly status: State }) {
  const { agents: words } = useTexts();
  return <Status tone={TONES[status]}>{words.statuses[status]}</Status>;
}
