import type { LucideIcon } from "lucide-react";

/** One of the values that a person chooses from. */
export interface Option {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
  readonly icon?: LucideIcon;
  readonly isDisabled?: boolean;
}
