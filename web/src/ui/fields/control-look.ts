/** The look that all controls share that a person types into or opens. */
export const CONTROL_LOOK =
  "h-8 w-full min-w-0 rounded-lg border border-line-strong bg-raised px-2.5 text-ink transition-colors hover:border-soft focus-visible:border-accent focus-visible:outline-offset-0 disabled:cursor-not-allowed disabled:bg-hover disabled:text-faint [&[readonly]]:bg-hover aria-invalid:border-bad pointer-coarse:h-11 pointer-coarse:text-base";

/** The look of what opens below a control. */
export const LIST_LOOK = "z-50 animate-rise overflow-hidden rounded-lg border border-line bg-raised shadow-float";

/** The look of one row in such a list. */
export const OPTION_LOOK =
  "relative flex min-h-8 cursor-default select-none items-center gap-2 rounded-md py-1.5 pr-8 pl-2 outline-none data-[highlighted]:bg-hover data-[selected=true]:bg-hover data-[disabled=true]:text-faint pointer-coarse:min-h-11";
