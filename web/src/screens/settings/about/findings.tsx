import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import { Card } from "#web/ui/page/card.tsx";
import { ToneIcon } from "#web/ui/status.tsx";

const TONES = { ok: "good", warning: "careful", problem: "bad" } as const;
const RANKS = { problem: 0, warning: 1, ok: 2 } as const;

/** What the gateway finds when it examines itself, the worst first, with what to do about it. */
export function Findings() {
  const { settings } = useTexts();
  const words = settings.about;
  const found = useCall("gateway.findings", {});
  return (
    <Card title={words.findings}>
      <Answered query={found}>
        {({ findings }) => (
          <ul className="grid gap-2">
            {findings
              .toSorted((one, other) => RANKS[one.level] - RANKS[other.level])
              .map(({ area, level, text, advice }) => (
                <li key={`${area} ${text}`} className="flex gap-2">
                  <ToneIcon tone={TONES[level]} className="mt-[3px]" />
                  <span className="sr-only">{words.levels[level]}</span>
                  <span className="w-24 shrink-0 text-soft">{words.areas[area]}</span>
                  <span className="min-w-0 break-words">
                    {text}
                    {advice && <span className="block text-soft">{advice}</span>}
                  </span>
                </li>
              ))}
          </ul>
        )}
      </Answered>
    </Card>
  );
}
