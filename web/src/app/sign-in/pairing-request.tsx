import { useEffect, useState } from "react";
import { type Client, GoClawError } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Button } from "#web/ui/button.tsx";
import { Callout } from "#web/ui/page.tsx";
import { Status } from "#web/ui/status.tsx";

/** How often the gateway is asked whether the code is approved, in milliseconds. A stranger hears of nothing by itself. */
const ASK_MS = 3_000;

interface PairingRequestProps {
  readonly client: Client;
  readonly onApproved: (senderId: string) => Promise<void>;
}

interface Pending {
  readonly code: string;
  readonly senderId: string;
}

/** Asks for a code that an administrator approves. The id behind it is a credential, so only this page's memory has it. */
export function PairingRequest({ client, onApproved }: PairingRequestProps) {
  const { signIn } = useTexts();
  const [pending, setPending] = useState<Pending>();
  const [refusal, setRefusal] = useState<string>();

  async function ask() {
    setRefusal(undefined);
    const connection = client.connect({ feed: "none" });
    // A gateway that pairs browsers answers a stranger with a code, which the client reports as a refusal.
    const thrown = await connection.ready.catch((thrown: unknown) => thrown);
    connection.close();
    if (!(thrown instanceof GoClawError)) return;
    const { pairing_code: code, sender_id: senderId } = thrown.details;
    if (typeof code === "string" && typeof senderId === "string") setPending({ code, senderId });
    else setRefusal(thrown.message);
  }

  useEffect(() => {
    if (!pending) return;
    const { senderId } = pending;
    const timer = setInterval(async () => {
      try {
        const { status } = await client.call("devices.status", { sender_id: senderId });
        if (status === "pending") return;
        clearInterval(timer);
        if (status === "approved") await onApproved(senderId);
        else {
          setPending(undefined);
          setRefusal(signIn.pairingExpired);
        }
      } catch (thrown) {
        if (thrown instanceof GoClawError && !thrown.retryable) setRefusal(thrown.message);
      }
    }, ASK_MS);
    return () => clearInterval(timer);
  }, [pending, client, onApproved, signIn]);

  return (
    <div className="flex flex-col gap-3">
      {refusal && <Callout tone="bad">{refusal}</Callout>}
      {pending ? (
        <>
          <p>{signIn.pairingCode}</p>
          <p className="text-center font-mono text-title tracking-widest">{pending.code}</p>
          <Status tone="live">{signIn.pairingWaits}</Status>
        </>
      ) : (
        <Button onClick={() => void ask()}>{signIn.askPairing}</Button>
      )}
    </div>
  );
}
