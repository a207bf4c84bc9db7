import { useState } from "react";

/**
 * Returns a handler for the end of a dialog, which gives the focus back to where it was before. It looks before the
 * dialog is rendered, because a field of the dialog may take the focus at once.
 */
export function useReturnedFocus(isOpen: boolean): (event: Event) => void {
  const [before, setBefore] = useState(() => ({ isOpen, opener: document.activeElement }));
  if (before.isOpen !== isOpen) setBefore({ isOpen, opener: isOpen ? document.activeElement : before.opener });
  return (event) => {
    event.preventDefault();
    if (before.opener instanceof HTMLElement) before.opener.focus();
  };
}
