import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { IconButton } from "#web/ui/button.tsx";
import { cn } from "#web/ui/classes.ts";
import { useReturnedFocus } from "#web/ui/hooks/use-returned-focus.ts";

const SIDES = {
  right: "right-0 animate-slide-right border-l",
  left: "left-0 animate-slide-left border-r",
} as const;

interface DrawerProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly side?: keyof typeof SIDES;
  /** Stays at the lower edge. */
  readonly footer?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Use for the details of a row while its list stays in view, and for navigation on a phone. */
export function Drawer({ isOpen, onClose, title, side = "right", footer, className, children }: DrawerProps) {
  const texts = useTexts().ui;
  const onCloseAutoFocus = useReturnedFocus(isOpen);
  const panel = useRef<HTMLDivElement>(null);
  return (
    <Primitive.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Primitive.Content
          ref={panel}
          aria-describedby={undefined}
          onCloseAutoFocus={onCloseAutoFocus}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            panel.current?.focus();
          }}
          className={cn(
            "fixed inset-y-0 z-40 flex w-[min(36rem,100vw)] flex-col border-line bg-raised shadow-float outline-none",
            SIDES[side],
            className,
          )}
        >
          <header className="flex h-12 shrink-0 items-center gap-4 border-line border-b px-4">
            <Primitive.Title className="min-w-0 flex-1 truncate font-semibold text-body">{title}</Primitive.Title>
            <Primitive.Close asChild>
              <IconButton label={texts.close} icon={X} size="sm" className="-mr-1" />
            </Primitive.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-4">{children}</div>
          {footer && (
            <footer className="flex justify-end gap-2 border-line border-t px-4 pt-3 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
              {footer}
            </footer>
          )}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
