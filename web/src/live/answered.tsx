import type { ReactNode } from "react";
import type { GoClawError } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { FailedState, ForbiddenState, LoadingState } from "#web/ui/states.tsx";

interface Query<Data> {
  readonly data: Data | undefined;
  readonly error: GoClawError | null;
  readonly refetch: () => unknown;
}

interface AnsweredProps<Data> {
  readonly query: Query<Data>;
  /** What is shown while the first answer is on its way. */
  readonly loading?: ReactNode;
  readonly children: (data: Data) => ReactNode;
}

/**
 * Shows what a call answered. Loading, failed and forbidden are pictures of their own. An answer that is there stays
 * when a later one fails.
 */
export function Answered<Data>({ query, loading, children }: AnsweredProps<Data>) {
  const { data, error, refetch } = query;
  if (data !== undefined) return children(data);
  if (error) return <Refused error={error} onRetry={refetch} />;
  return loading ?? <LoadingState />;
}

/** Says why a call was refused, and what can be done. */
export function Refused({ error, onRetry }: { readonly error: GoClawError; readonly onRetry?: () => unknown }) {
  const { ui } = useTexts();
  if (error.code === "UNAUTHORIZED") return <ForbiddenState reason={error.message} />;
  return (
    <FailedState
      message={error.message || ui.failed}
      {...(error.requestId && { requestId: error.requestId })}
      {...(onRetry && { onRetry: () => void onRetry() })}
    />
  );
}
