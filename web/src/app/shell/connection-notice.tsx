import { useEffect, useState } from "react";
import { useAccount } from "#web/app/account.tsx";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Status } from "#web/ui/status.tsx";

/** A break that is shorter, in milliseconds, is nothing to speak of. */
const SHORT_MS = 1_500;

/** Says that the gateway cannot be reached, for as long as that is so. What is on screen stays. */
export function ConnectionNotice() {
  const { shell } = useTexts();
  const { isOpen } = useAccount();
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    if (isOpen) return setIsLong(false);
    const timer = setTimeout(() => setIsLong(true), SHORT_MS);
    return () => clearTimeout(timer);
  }, [isOpen]);
  return (
    <div role="status" className="pointer-events-none sticky top-0 z-40 flex justify-center">
      {isLong && (
        <div className="mt-2 rounded-md border border-careful bg-careful-soft px-3 py-1">
          <Status tone="careful">{shell.reconnecting}</Status>
        </div>
      )}
    </div>
  );
}
