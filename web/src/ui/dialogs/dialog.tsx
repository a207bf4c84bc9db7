import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { IconButton } from "#web/ui/button.tsx";
import { cn } from "#web/ui/classes.ts";
import { useReturnedFocus } from "#web/ui/hooks/use-returned-focus.ts";

const SIZES = { sm: "sm:max-w-md", md: "sm:max-w-xl", lg: "sm:max-w-3xl" } as const;

const stay = (event: Event) => event.preventDefault();

export interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  /** The buttons, the main one last. */
  readonly footer?: ReactNode;
  readonly size?: keyof typeof SIZES;
  /** Only its buttons close it, as where what it shows cannot be seen again. */
  readonly isPersistent?: boolean;
  readonly children?: ReactNode;
}

/** Use for one small task that interrupts the page. What has a page of its own does not belong here. */
export function Dialog({
  isOpen,
  onClose,
  title,
  description,
  footer,
  size = "md",
  isPersistent = false,
  children,
}: DialogProps) {
  const texts = useTexts().ui;
  const onCloseAutoFocus = useReturnedFocus(isOpen);
  return (
    <Primitive.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Primitive.Content
          onCloseAutoFocus={onCloseAutoFocus}
          {...(!description && { "aria-describedby": undefined })}
          {...(isPersistent && { onEscapeKeyDown: stay, onInteractOutside: stay })}
          className={cn(
            "fixed inset-x-0 bottom-0 z-40 mx-auto flex max-h-[92dvh] w-full animate-rise flex-col rounded-t-lg border border-line bg-raised shadow-float sm:top-[10dvh] sm:bottom-auto sm:max-h-[80dvh] sm:rounded-lg",
            SIZES[size],
          )}
        >
          <header className="pt-4 pr-14 pb-3 pl-4">
            <Primitive.Title className="font-semibold text-body">{title}</Primitive.Title>
            {description && (
              <Primitive.Description className="mt-1 max-w-prose text-soft">{description}</Primitive.Description>
            )}
          </header>
          {children && <div className="min-h-0 flex-1 overflow-y-auto px-4 pt-1 pb-4">{children}</div>}
          {footer && (
            <footer className="flex flex-wrap justify-end gap-2 border-line border-t px-4 pt-3 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
              {footer}
            </footer>
          )}
          {/* The last in order, so that the first field gets the focus. */}
          <Primitive.Close asChild>
            <IconButton
              label={texts.close}
              icon={X}
              size="sm"
              className="absolute top-3 right-3 pointer-coarse:top-1 pointer-coarse:right-1"
            />
          </Primitive.Close>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
