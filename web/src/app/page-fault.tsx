import type { ErrorComponentProps } from "@tanstack/react-router";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { FailedState } from "#web/ui/states.tsx";

/** What browsers throw when a part of the page is not there, because the gateway was updated meanwhile. */
const MISSING_PART = /dynamically imported module|importing a module script failed|module script/i;

/** Shows a fault of a screen in the place of that screen. The navigation stays. */
export function PageFault({ error, reset }: ErrorComponentProps) {
  const { shell } = useTexts();
  const message = error instanceof Error ? error.message : String(error);
  if (MISSING_PART.test(message)) {
    return <FailedState message={shell.wasUpdated} onRetry={() => location.reload()} />;
  }
  return <FailedState message={shell.fault} advice={message} onRetry={reset} />;
}
