import { type ReactNode, useId } from "react";
import { cn } from "#web/ui/classes.ts";

interface CardProps {
  readonly title?: ReactNode;
  readonly actions?: ReactNode;
  /** False where the content has its own edges, such as a table. */
  readonly padded?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Use for things that belong together and are seen at once. Cards do not lie in cards. */
export function Card({ title, actions, padded = true, className, children }: CardProps) {
  const id = useId();
  return (
    <section
      {...(title !== undefined && { "aria-labelledby": id })}
      className={cn("min-w-0 rounded-lg border border-line bg-card", className)}
    >
      {(title || actions) && (
        <header className="flex min-h-12 flex-wrap items-center justify-between gap-2 px-4 pt-2 pb-1">
          <h2 id={id} className="font-semibold">
            {title}
          </h2>
          {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </header>
      )}
      <div className={cn("min-w-0", padded && (title || actions ? "px-4 pt-1 pb-4" : "p-4"))}>{children}</div>
    </section>
  );
}

interface SectionProps {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** Use for a part of a long page or form that has a heading but no frame. */
export function Section({ title, description, actions, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-3">
      <header className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 id={id} className="font-semibold">
            {title}
          </h2>
          {description && <p className="mt-0.5 max-w-[72ch] text-soft">{description}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
