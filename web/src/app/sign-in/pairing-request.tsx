import { useEffect, useState } from "react";
import { createClient, GoClawError } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Button } from "#web/ui/button.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Status } from "#web/ui/status.tsx";

/** How often the gateway is asked whether the code is approved, in milliseconds. A stranger hears of nothing by itself. */
const ASK_MS = 3_000;

interface PairingRequestProps {
  readonly onApproved: (senderId: string) => Promise<void>;
}

interface Pending {
  readonly code: string;
  readonly senderId: string;
}

/** Connects as a browser that may be paired. Resolves to undefined if it is let in. */
async function tryToConnect(senderId?: string) {
  const client = createClient({ url: location.origin, ...(senderId !== undefined && { senderId }) });
  const connection = client.connect({ feed: "none" });
  try {
    await connection.ready;
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof GoClawError)) throw thrown;
    const { pairing_code: code, sender_id } = thrown.details as { pairing_code?: string; sender_id?: string };
    return { message: thrown.message, isPassing: thrown.retryable, code, senderId: sender_id };
  } finally {
    connection.close();
  }
}

/** Asks for a code that an administrator approves. The id behind it is a credential, so only this page's memory has it. */
export function PairingRequest({ onApproved }: PairingRequestProps) {
  const { signIn } = useTexts();
  const [pending, setPending] = useState<Pending>();
  const [refusal, setRefusal] = useState<string>();

  async function ask() {
    setRefusal(undefined);
    const refused = await tryToConnect();
    if (refused?.code && refused.senderId) setPending({ code: refused.code, senderId: refused.senderId });
    else setRefusal(refused?.message);
  }

  useEffect(() => {
    if (!pending) return;
    const { code, senderId } = pending;
    const timer = setInterval(async () => {
      const refused = await tryToConnect(senderId);
      if (refused?.isPassing || refused?.code === code) return;
      clearInterval(timer);
      if (!refused) return onApproved(senderId);
      setPending(undefined);
      setRefusal(signIn.pairingExpired);
    }, ASK_MS);
    return () => clearInterval(timer);
  }, [pending, onApproved, signIn]);

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
