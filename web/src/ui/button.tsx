import { LoaderCircle, type LucideIcon } from "lucide-react";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "#web/ui/classes.ts";
import { Tooltip } from "#web/ui/tooltip.tsx";

type Variant = "primary" | "secondary" | "ghost" | "danger";
type Size = "sm" | "md";

const VARIANTS: Record<Variant, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover active:bg-accent-hover",
  secondary: "border border-line-strong/60 bg-raised text-ink hover:bg-hover active:bg-selected",
  ghost: "text-soft hover:bg-hover hover:text-ink active:bg-selected",
  danger: "bg-bad text-on-meaning hover:bg-bad/90 active:bg-bad/90",
};
const SIZES: Record<Size, string> = {
  sm: "h-7 gap-1.5 px-2 text-table pointer-coarse:h-11 pointer-coarse:px-3",
  md: "h-8 gap-2 px-3 pointer-coarse:h-11 pointer-coarse:px-4",
};
const SHARED =
  "inline-flex shrink-0 select-none items-center justify-center rounded-lg font-medium whitespace-nowrap transition-colors disabled:pointer-events-none disabled:opacity-50 aria-disabled:cursor-default aria-disabled:opacity-50";

/** A disabled button would lose the focus, so one that works only ignores what is pressed, which also is no submit. */
const BUSY = {
  "aria-busy": true,
  "aria-disabled": true,
  onClick: (event: { readonly preventDefault: () => void }) => event.preventDefault(),
} as const;

interface ButtonProps extends ComponentProps<"button"> {
  readonly variant?: Variant;
  readonly size?: Size;
  readonly icon?: LucideIcon;
  /** Its work is under way: it spins and cannot be pressed. */
  readonly isBusy?: boolean;
  /** Gives its look to the one child, such as a link. */
  readonly asChild?: boolean;
}

/** Use for what a person does. One `primary` at most on a screen, `danger` only for what cannot be undone. */
export function Button({
  variant = "secondary",
  size = "md",
  icon: Icon,
  isBusy = false,
  asChild = false,
  disabled,
  className,
  children,
  ...props
}: ButtonProps) {
  const look = cn(SHARED, SIZES[size], VARIANTS[variant], className);
  const picture = isBusy ? (
    <LoaderCircle aria-hidden className="size-4 animate-spin" />
  ) : (
    Icon && <Icon aria-hidden className="size-4" />
  );
  if (asChild)
    return (
      <Slot.Root className={look} {...props}>
        {picture}
        <Slot.Slottable>{children}</Slot.Slottable>
      </Slot.Root>
    );
  return (
    <button type="button" className={look} disabled={disabled} {...props} {...(isBusy && BUSY)}>
      {picture}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  /** What it does: its name, and the text of its tooltip. */
  readonly label: string;
  readonly icon: LucideIcon;
  readonly variant?: "ghost" | "secondary";
  readonly size?: Size;
  readonly isBusy?: boolean;
}

/** Use where there is no room for a word and the picture is known to everybody. */
export function IconButton({
  label,
  icon: Icon,
  variant = "ghost",
  size = "md",
  isBusy = false,
  disabled,
  className,
  ...props
}: IconButtonProps) {
  const Picture = isBusy ? LoaderCircle : Icon;
  const box = size === "sm" ? "size-7" : "size-8";
  return (
    <Tooltip text={label}>
      <button
        type="button"
        aria-label={label}
        disabled={disabled}
        className={cn(SHARED, VARIANTS[variant], box, "pointer-coarse:size-11", className)}
        {...props}
        {...(isBusy && BUSY)}
      >
        <Picture aria-hidden className={cn("size-4", isBusy && "animate-spin")} />
      </button>
    </Tooltip>
  );
}
