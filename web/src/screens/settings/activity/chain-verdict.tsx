import type { OutputOf } from "#client/index.ts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { IdText } from "#web/ui/text/id-text.tsx";

/** Says whether anybody changed the log after it was written, and where. */
export function ChainVerdict({ chain }: { readonly chain: OutputOf<"activity.verify"> }) {
  const { settings } = useTexts();
  const words = settings.activity;
  const format = useFormat();
  const { entries, fault, hash } = chain;
  return (
    <Callout
      tone={fault ? "bad" : "good"}
      title={fault ? words.faults[fault.kind](format.number(fault.seq)) : words.isWhole(format.number(entries))}
    >
      <p>{words.chainHint}</p>
      <p className="flex flex-wrap items-center gap-x-2">
        {fault ? words.lastGoodHash : words.lastHash} <IdText id={hash} />
      </p>
    </Callout>
  );
}
