import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import { ApproveByCode } from "#web/screens/channels/pairing/approve-by-code.tsx";
import { PairedTable } from "#web/screens/channels/pairing/paired-table.tsx";
import { WaitingTable } from "#web/screens/channels/pairing/waiting-table.tsx";
import { Section } from "#web/ui/page/card.tsx";
import { EmptyState } from "#web/ui/states.tsx";

/** Who asks for leave to write, and who has it: people in chats, and browsers. */
export function PairingTab() {
  const { channels: words } = useTexts();
  const devices = useCall("devices.list", {});
  return (
    <Answered query={devices}>
      {({ pending, paired }) => (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
          <Section title={words.waiting} actions={<ApproveByCode />}>
            {pending.length === 0 ? (
              <EmptyState title={words.noneWaiting} hint={words.noneWaitingHint} />
            ) : (
              <WaitingTable requests={pending} />
            )}
          </Section>
          <Section title={words.approved}>
            {paired.length === 0 ? (
              <EmptyState title={words.noneApproved} hint={words.noneApprovedHint} />
            ) : (
              <PairedTable paired={paired} />
            )}
          </Section>
        </div>
      )}
    </Answered>
  );
}
