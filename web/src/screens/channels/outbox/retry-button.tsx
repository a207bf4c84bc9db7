import { RotateCw } from "lucide-react";
import { useState } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useAction } from "#web/live/use-call.ts";
import type { Message } from "#web/screens/channels/outbox/message-state.tsx";
import { Button } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/dialogs/confirm-dialog.tsx";
import { useToast } from "#web/ui/toast.tsx";

/** Sends a message again. One that may have arrived is sent only by those who accept that it comes twice. */
export function RetryButton({ message }: { readonly message: Message }) {
  const { channels } = useTexts();
  const words = channels.outbox;
  const toast = useToast();
  const retry = useAction("channels.outbound.retry");
  const [isAsking, setAsking] = useState(false);
  const { id: message_id, instance_id: id, state } = message;
  const isUncertain = state === "uncertain";

  async function sendAgain() {
    await retry.mutateAsync({ id, message_id, may_repeat: isUncertain });
    toast({ tone: "good", title: words.retried });
  }
  async function press() {
    if (isUncertain) return setAsking(true);
    try {
      await sendAgain();
    } catch (thrown) {
      toast({ tone: "bad", title: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  }

  return (
    <>
      <Button size="sm" icon={RotateCw} isBusy={retry.isPending} onClick={() => void press()}>
        {words.retry}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={words.mayRepeat}
        loses={words.mayRepeatHint}
        action={words.retry}
        isHarmless
        onConfirm={sendAgain}
      />
    </>
  );
}
