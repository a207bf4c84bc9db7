import type { LucideIcon } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "#web/ui/classes.ts";

export interface MenuItem {
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly onSelect: () => void;
  readonly isDangerous?: boolean;
  readonly shortcut?: string;
  readonly isDisabled?: boolean;
  /** Why it is disabled. */
  readonly reason?: string;
  /** Marks the one that is in use. */
  readonly isChosen?: boolean;
}

interface MenuProps {
  /** One button. */
  readonly trigger: ReactNode;
  readonly items: readonly (MenuItem | "separator")[];
  readonly align?: "start" | "center" | "end";
  readonly side?: "top" | "right" | "bottom" | "left";
}

/** Use for actions that are needed now and then. An item that is disabled stays, and says why. */
export function Menu({ trigger, items, align = "end", side = "bottom" }: MenuProps) {
  const hasIcons = items.some((item) => item !== "separator" && item.icon);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 max-w-80 animate-rise overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-float"
        >
          {items.map((item, index) =>
            item === "separator" ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: a separator has nothing but its place
              <DropdownMenu.Separator key={`separator-${index}`} className="-mx-1 my-1 h-px bg-line" />
            ) : (
              <Item key={item.label} item={item} hasIcons={hasIcons} />
            ),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface ItemProps {
  readonly item: MenuItem;
  /** Others have icons, so that one without keeps their place free. */
  readonly hasIcons: boolean;
}

function Item({ item, hasIcons }: ItemProps) {
  const { label, icon: Icon, onSelect, isDangerous = false, shortcut, isDisabled = false, reason, isChosen } = item;
  return (
    <DropdownMenu.Item
      aria-disabled={isDisabled || undefined}
      aria-current={isChosen || undefined}
      onSelect={(event) => (isDisabled ? event.preventDefault() : onSelect())}
      className={cn(
        "flex min-h-8 cursor-default select-none items-center gap-2 rounded-md px-2 py-1.5 outline-none data-highlighted:bg-hover pointer-coarse:min-h-11",
        isDangerous && "text-bad data-highlighted:bg-bad-soft",
        isChosen && "font-medium text-accent",
        isDisabled && "text-faint data-highlighted:bg-hover",
      )}
    >
      {Icon ? (
        <Icon aria-hidden className={cn("size-4 shrink-0", !isDangerous && !isChosen && "text-faint")} />
      ) : (
        hasIcons && <span className="size-4 shrink-0" />
      )}
      <span className="min-w-0 flex-1">
        {label}
        {isDisabled && reason && <span className="block text-note">{reason}</span>}
      </span>
      {shortcut && <span className="ml-4 text-faint text-note">{shortcut}</span>}
    </DropdownMenu.Item>
  );
}
