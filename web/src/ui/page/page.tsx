import type { ReactNode } from "react";
import { cn } from "#web/ui/classes.ts";

interface PageProps {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  /** Buttons, the main one last. */
  readonly actions?: ReactNode;
  readonly tabs?: ReactNode;
  /** A way back, or a status, above the title. */
  readonly above?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Use as the frame of every screen: its one `<h1>`, its actions, its width. */
export function Page({ title, description, actions, tabs, above, className, children }: PageProps) {
  return (
    <div className="mx-auto w-full max-w-[1440px] px-4 pt-4 pb-12 sm:px-6 sm:pt-6">
      {above && <div className="mb-2 text-soft">{above}</div>}
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 className="text-balance break-words font-semibold text-title">{title}</h1>
          {description && <p className="mt-1 max-w-[72ch] text-soft">{description}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {tabs && <div className="mt-4">{tabs}</div>}
      <div className={cn("mt-4 grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4", className)}>{children}</div>
    </div>
  );
}

interface ToolbarProps {
  /** Stands at the right end, such as a count. */
  readonly end?: ReactNode;
  readonly children: ReactNode;
}

/** Use above a list, for its search and its filters. On a phone, they stand in two columns. */
export function Toolbar({ end, children }: ToolbarProps) {
  return (
    <div className="grid grid-cols-2 items-center gap-2 sm:flex sm:flex-wrap *:max-sm:w-full *:max-sm:min-w-0 *:max-sm:max-w-none *:first:max-sm:col-span-2">
      {children}
      {end && (
        <div className="col-span-2 flex flex-wrap items-center justify-between gap-2 text-soft sm:ml-auto">{end}</div>
      )}
    </div>
  );
}
