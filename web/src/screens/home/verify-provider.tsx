import { useEffect } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import { Callout } from "#web/ui/page/callout.tsx";
import { Status } from "#web/ui/status.tsx";

interface VerifyProviderProps {
  readonly id: string;
  readonly onVerified: (isVerified: boolean) => void;
}

/** Tries a provider with a short question, and says what it answered. */
export function VerifyProvider({ id, onVerified }: VerifyProviderProps) {
  const { conversation } = useTexts();
  const verdict = useCall("providers.verify", { id });
  const isValid = verdict.data?.valid ?? false;
  useEffect(() => onVerified(isValid), [isValid, onVerified]);
  return (
    <Answered query={verdict} loading={<Status tone="live">{conversation.running}</Status>}>
      {({ valid, error, provider_message }) =>
        valid ? (
          <Status tone="good">{conversation.succeeded}</Status>
        ) : (
          <Callout tone="bad" title={error ?? conversation.failed}>
            {provider_message}
          </Callout>
        )
      }
    </Answered>
  );
}
