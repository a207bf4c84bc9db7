import { ShieldCheck } from "lucide-react";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { Refused } from "#web/live/answered.tsx";
import { useAction } from "#web/live/use-call.ts";
import { Button } from "#web/ui/button.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Section } from "#web/ui/page/card.tsx";
import { IdText } from "#web/ui/text/id-text.tsx";

/** Reads the whole log, and says whether anybody changed it after it was written. */
export function VerifyChain() {
  const { settings } = useTexts();
  const words = settings.activity;
  const format = useFormat();
  const verify = useAction("activity.verify");
  const { data: chain } = verify;
  return (
    <Section
      title={words.chain}
      description={words.chainHint}
      actions={
        <Button icon={ShieldCheck} isBusy={verify.isPending} onClick={() => verify.mutate({})}>
          {words.verify}
        </Button>
      }
    >
      {verify.error && <Refused error={verify.error} />}
      {chain?.is_whole && (
        <Callout tone="good" title={words.isWhole(format.number(chain.entries))}>
          <span className="flex flex-wrap items-center gap-x-2">
            {words.lastHash} <IdText id={chain.hash} />
          </span>
        </Callout>
      )}
      {chain?.fault && (
        <Callout tone="bad" title={words.faults[chain.fault.kind](format.number(chain.fault.seq))}>
          <span className="flex flex-wrap items-center gap-x-2">
            {words.lastGoodHash} <IdText id={chain.hash} />
          </span>
        </Callout>
      )}
    </Section>
  );
}
