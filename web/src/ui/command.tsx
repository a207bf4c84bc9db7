import { Command as Primitive } from "cmdk";
import { type LucideIcon, Search } from "lucide-react";
import { Dialog } from "radix-ui";
import type { ReactNode } from "react";
import { Kbd } from "#web/ui/badge.tsx";
import { useReturnedFocus } from "#web/ui/hooks/use-returned-focus.ts";

interface CommandDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** Its name, and what the empty field says. */
  readonly label: string;
  readonly search?: string;
  readonly onSearchChange?: (search: string) => void;
  /** False when the groups hold only what was found elsewhere. */
  readonly filters?: boolean;
  readonly children: ReactNode;
}

/** Use for the palette of commands: everything a person can go to or do, found by typing. */
export function CommandDialog({
  isOpen,
  onClose,
  label,
  search,
  onSearchChange,
  filters = true,
  children,
}: CommandDialogProps) {
  const onCloseAutoFocus = useReturnedFocus(isOpen);
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Dialog.Content
          onCloseAutoFocus={onCloseAutoFocus}
          aria-describedby={undefined}
          className="fixed inset-x-2 top-2 z-40 mx-auto flex max-h-[80dvh] max-w-xl animate-rise flex-col overflow-hidden rounded-lg border border-line bg-raised shadow-float sm:top-[12dvh] sm:max-h-[60dvh]"
        >
          <Dialog.Title className="sr-only">{label}</Dialog.Title>
          <Primitive label={label} loop shouldFilter={filters} className="flex min-h-0 flex-1 flex-col">
            <div className="flex h-12 shrink-0 items-center gap-3 border-line border-b px-4">
              <Search aria-hidden className="size-4 shrink-0 text-faint" />
              <Primitive.Input
                placeholder={label}
                {...(search !== undefined && { value: search })}
                {...(onSearchChange && { onValueChange: onSearchChange })}
                className="h-full w-full min-w-0 bg-transparent outline-none focus-visible:outline-none pointer-coarse:text-base"
              />
            </div>
            <Primitive.List className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-2">
              {children}
            </Primitive.List>
          </Primitive>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface CommandGroupProps {
  readonly label: string;
  readonly children: ReactNode;
}

/** Use for commands of one kind. */
export function CommandGroup({ label, children }: CommandGroupProps) {
  return (
    <Primitive.Group
      heading={label}
      className="pb-2 **:[[cmdk-group-heading]]:px-2 **:[[cmdk-group-heading]]:py-1.5 **:[[cmdk-group-heading]]:text-faint **:[[cmdk-group-heading]]:text-note"
    >
      {children}
    </Primitive.Group>
  );
}

interface CommandItemProps {
  readonly icon?: LucideIcon;
  readonly label: string;
  readonly hint?: string;
  readonly shortcut?: string;
  /** Other words that find it. */
  readonly keywords?: string[];
  /** Tells it from another with the same label. */
  readonly value?: string;
  readonly onSelect: () => void;
}

/** Use for one command. */
export function CommandItem({ icon: Icon, label, hint, shortcut, keywords, value, onSelect }: CommandItemProps) {
  return (
    <Primitive.Item
      value={value ?? `${label} ${hint ?? ""}`}
      onSelect={onSelect}
      {...(keywords && { keywords })}
      className="flex min-h-9 cursor-default select-none items-center gap-3 rounded-md px-2 py-1.5 data-[selected=true]:bg-selected pointer-coarse:min-h-11"
    >
      {Icon && <Icon aria-hidden className="size-4 shrink-0 text-faint" />}
      <span className="min-w-0 flex-1 truncate">
        {label}
        {hint && <span className="ml-2 text-soft text-table">{hint}</span>}
      </span>
      {shortcut && <Kbd>{shortcut}</Kbd>}
    </Primitive.Item>
  );
}

/** Use once in the dialog, for when nothing is found. */
export function CommandEmpty({ children }: { readonly children: ReactNode }) {
  return <Primitive.Empty className="px-4 py-8 text-center text-soft">{children}</Primitive.Empty>;
}
