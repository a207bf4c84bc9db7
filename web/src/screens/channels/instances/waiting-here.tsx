import { useTexts } from "#web/i18n/use-texts.tsx";
import { useCall } from "#web/live/use-call.ts";
import { TextLink } from "#web/ui/link.tsx";
import { Callout } from "#web/ui/page/callout.tsx";

/** Says how many people wait for leave to write to an account. For administrators, who decide. */
export function WaitingHere({ name }: { readonly name: string }) {
  const { channels: words } = useTexts();
  const devices = useCall("devices.list", {});
  const waiting = devices.data?.pending.filter(({ channel }) => channel === name).length ?? 0;
  if (waiting === 0) return null;
  return (
    <Callout
      tone="careful"
      title={words.waitingHere(waiting)}
      action={<TextLink href="/channels?tab=pairing">{words.decide}</TextLink>}
    />
  );
}
