import { CircleCheck } from "lucide-react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useCall } from "#web/live/use-call.ts";
import { useFailuresOfToday } from "#web/screens/home/use-failures-of-today.ts";
import { TextLink } from "#web/ui/link.tsx";
import { Card } from "#web/ui/page/card.tsx";
import { ToneIcon } from "#web/ui/status.tsx";
import type { Tone } from "#web/ui/tone.ts";

interface Matter {
  readonly key: string;
  readonly tone: Tone;
  readonly text: string;
  readonly href: string;
}

/** What a person should look at, the worst first. Nothing to do is one line. */
export function Attention({ isAdmin }: { readonly isAdmin: boolean }) {
  const { home: words } = useTexts();
  const failures = useFailuresOfToday();
  const channels = useCall("channels.instances.list", {}, { isEnabled: isAdmin });
  const requests = useCall("mcp.requests.list", { status: "pending" }, { isEnabled: isAdmin });
  const devices = useCall("devices.list", {}, { isEnabled: isAdmin });
  const troubles = useCall("providers.health", {}, { isEnabled: isAdmin });
  const jobs = useCall("jobs.list", { state: "dead", limit: 1 }, { isEnabled: isAdmin });
  const sick = channels.data?.instances.filter(({ enabled, health }) => enabled && health.state === "failed") ?? [];
  const asked = requests.data?.requests.length ?? 0;
  const waiting = devices.data?.pending.length ?? 0;
  const avoided = new Set(troubles.data?.troubles.map(({ provider }) => provider)).size;
  const dead = jobs.data?.total ?? 0;
  const matters: Matter[] = [
    ...(failures > 0
      ? [{ key: "runs", tone: "bad" as const, text: words.failedRuns(failures), href: "/runs?status=failed" }]
      : []),
    ...(sick.length > 0
      ? [{ key: "channels", tone: "bad" as const, text: words.failedChannels(sick.length), href: "/channels" }]
      : []),
    ...(dead > 0
      ? [{ key: "jobs", tone: "bad" as const, text: words.deadJobs(dead), href: "/settings?tab=jobs" }]
      : []),
    ...(avoided > 0
      ? [
          {
            key: "providers",
            tone: "careful" as const,
            text: words.troubledProviders(avoided),
            href: "/settings?tab=providers",
          },
        ]
      : []),
    ...(asked > 0
      ? [{ key: "tools", tone: "careful" as const, text: words.toolRequests(asked), href: "/tools?tab=mcp" }]
      : []),
    ...(waiting > 0
      ? [
          {
            key: "pairing",
            tone: "careful" as const,
            text: words.pairingRequests(waiting),
            href: "/channels?tab=pairing",
          },
        ]
      : []),
  ];

  return (
    <Card title={words.attention}>
      {matters.length === 0 ? (
        <p className="flex items-center gap-2 text-soft">
          <CircleCheck aria-hidden className="size-4 text-good" />
          {words.nothing}
        </p>
      ) : (
        <ul className="flex flex-col gap-2">
          {matters.map(({ key, tone, text, href }) => (
            <li key={key} className="flex items-center gap-2">
              <ToneIcon tone={tone} />
              <TextLink href={href}>{text}</TextLink>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
