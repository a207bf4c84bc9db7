import { CircleAlert, Inbox, Lock, type LucideIcon, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Button } from "#web/ui/button.tsx";
import { cn } from "#web/ui/classes.ts";
import { IdText } from "#web/ui/text/id-text.tsx";

/** Use for a place whose content is on its way. It has the size of what will stand there. */
function Skeleton({ className }: { readonly className?: string }) {
  return <span aria-hidden="true" className={cn("block h-4 animate-shimmer rounded bg-line", className)} />;
}

const WIDTHS = ["w-11/12", "w-3/4", "w-5/6", "w-2/3"];

interface LoadingStateProps {
  readonly lines?: number;
}

/** Use while a part of a page is loaded. It appears only after 150 ms, so quick answers do not flicker. */
export function LoadingState({ lines = 4 }: LoadingStateProps) {
  const texts = useTexts().ui;
  return (
    <div role="status" aria-busy="true" className="grid animate-late gap-3 p-4">
      <span className="sr-only">{texts.loading}</span>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines differ in nothing but their place
        <Skeleton key={line} className={WIDTHS[line % WIDTHS.length] ?? ""} />
      ))}
    </div>
  );
}

interface FrameProps {
  readonly icon: LucideIcon;
  readonly iconLook: string;
  readonly picture?: ReactNode;
  readonly title: ReactNode;
  readonly role?: "alert";
  readonly children: ReactNode;
}

function Frame({ icon: Icon, iconLook, picture, title, role, children }: FrameProps) {
  return (
    <div role={role} className="mx-auto flex max-w-md flex-col items-center gap-1 px-4 py-10 text-center">
      {picture ? (
        <span className="mb-2">{picture}</span>
      ) : (
        <span className={cn("mb-2 flex size-10 items-center justify-center rounded-lg", iconLook)}>
          <Icon aria-hidden className="size-5" />
        </span>
      )}
      <p className="font-semibold">{title}</p>
      {children}
    </div>
  );
}

interface EmptyStateProps {
  readonly icon?: LucideIcon;
  /** Stands instead of the icon, such as the picture of an agent. */
  readonly picture?: ReactNode;
  readonly title: ReactNode;
  /** What would be here, and how it comes here. */
  readonly hint?: ReactNode;
  readonly action?: ReactNode;
}

/** Use where there is nothing yet, or nothing that a filter lets through. */
export function EmptyState({ icon = Inbox, picture, title, hint, action }: EmptyStateProps) {
  return (
    <Frame icon={icon} iconLook="border border-line-strong/60 border-dashed text-faint" picture={picture} title={title}>
      {hint && <p className="text-balance text-soft">{hint}</p>}
      {action && <div className="mt-3">{action}</div>}
    </Frame>
  );
}

interface FailedStateProps {
  readonly title?: ReactNode;
  readonly message: ReactNode;
  /** Lets an administrator find the request in the log. */
  readonly requestId?: string | undefined;
  /** What the person can do about it. */
  readonly advice?: ReactNode;
  readonly onRetry?: (() => void) | undefined;
}

/** Use where a part of a page could not be loaded. The rest of the page stays. */
export function FailedState({ title, message, requestId, advice, onRetry }: FailedStateProps) {
  const texts = useTexts().ui;
  return (
    <Frame icon={CircleAlert} iconLook="bg-bad-soft text-bad" title={title ?? texts.failed} role="alert">
      <p className="max-w-full text-balance break-words text-soft">{message}</p>
      {advice && <p className="text-balance text-soft">{advice}</p>}
      {onRetry && (
        <Button icon={RotateCw} onClick={onRetry} className="mt-3">
          {texts.tryAgain}
        </Button>
      )}
      {requestId && (
        <p className="mt-2 flex items-center gap-1.5 text-faint text-note">
          {texts.requestId} <IdText id={requestId} />
        </p>
      )}
    </Frame>
  );
}

interface ForbiddenStateProps {
  /** Which right is missing, and who can give it. */
  readonly reason: ReactNode;
}

/** Use where a person lacks the right. It differs from a failure: to try again does not help. */
export function ForbiddenState({ reason }: ForbiddenStateProps) {
  const texts = useTexts().ui;
  return (
    <Frame icon={Lock} iconLook="bg-careful-soft text-careful" title={texts.forbidden}>
      <p className="text-balance text-soft">{reason}</p>
    </Frame>
  );
}
