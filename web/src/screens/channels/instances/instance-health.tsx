import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import { InstanceState } from "#web/screens/channels/instances/instance-state.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Section } from "#web/ui/page/card.tsx";
import { LoadingState } from "#web/ui/states.tsx";
import { TimeText } from "#web/ui/text/time-text.tsx";

/** What a healthy bot reports is its own name, which needs no explanation. */
const TROUBLED: readonly string[] = ["failed", "degraded"];

interface InstanceHealthProps {
  readonly id: string;
  /** What was wrong before it was turned off is no matter now. */
  readonly isOn: boolean;
  /** False where something else on the page says why it does not work. */
  readonly showsReason: boolean;
}

/** How an account fares, why, what to do about it, and the states before. */
export function InstanceHealth({ id, isOn, showsReason }: InstanceHealthProps) {
  const { channels: words } = useTexts();
  const status = useCall("channels.instances.status", { id });
  return (
    <Section title={words.state}>
      <Answered query={status} loading={<LoadingState lines={2} />}>
        {({ state: reported, reason, detail, since, story }) => {
          const state = isOn ? reported : "stopped";
          return (
            <>
              <p className="flex flex-wrap items-center gap-x-3">
                <InstanceState state={state} />
                <TimeText iso={since} className="text-soft" />
                {detail && !TROUBLED.includes(state) && <span className="min-w-0 break-words text-soft">{detail}</span>}
              </p>
              {showsReason && TROUBLED.includes(state) && (
                <Callout tone={state === "failed" ? "bad" : "careful"} title={words.reasons[reason ?? ""] ?? detail}>
                  {words.reasons[reason ?? ""] && detail}
                </Callout>
              )}
              <h3 className="mt-2 text-note text-soft">{words.story}</h3>
              {story.length === 0 ? (
                <p className="text-soft">{words.noStory}</p>
              ) : (
                <ol className="grid gap-1.5">
                  {story.map((past) => (
                    <li
                      key={`${past.since} ${past.state}`}
                      className="grid grid-cols-[11rem_minmax(0,1fr)] gap-x-3 text-table max-sm:grid-cols-[minmax(0,1fr)]"
                    >
                      <InstanceState state={past.state} />
                      <span className="min-w-0 break-words text-soft">
                        <TimeText iso={past.since} mode="dateTime" />
                        {past.detail && ` · ${past.detail}`}
                      </span>
                    </li>
                  ))}
                </ol>
              )}
            </>
          );
        }}
      </Answered>
    </Section>
  );
}
