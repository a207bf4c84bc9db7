import { Popover as Primitive } from "radix-ui";
import { type ReactNode, useId } from "react";
import { cn } from "#web/ui/classes.ts";

interface PopoverProps {
  /** One button. */
  readonly trigger: ReactNode;
  readonly align?: "start" | "center" | "end";
  readonly side?: "top" | "right" | "bottom" | "left";
  /** Names it for screen readers, where the words of the button do not. */
  readonly label?: string;
  readonly isOpen?: boolean;
  readonly onOpenChange?: (isOpen: boolean) => void;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Use for a few controls that belong to a button, such as filters. */
export function Popover({
  trigger,
  align = "start",
  side = "bottom",
  label,
  isOpen,
  onOpenChange,
  className,
  children,
}: PopoverProps) {
  const triggerId = useId();
  return (
    <Primitive.Root {...(isOpen !== undefined && { open: isOpen })} {...(onOpenChange && { onOpenChange })}>
      <Primitive.Trigger asChild id={triggerId}>
        {trigger}
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          {...(label === undefined ? { "aria-labelledby": triggerId } : { "aria-label": label })}
          className={cn(
            "z-50 max-h-(--radix-popover-content-available-height) w-72 max-w-[calc(100vw-16px)] animate-rise overflow-y-auto rounded-lg border border-line bg-raised p-3 shadow-float",
            className,
          )}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
