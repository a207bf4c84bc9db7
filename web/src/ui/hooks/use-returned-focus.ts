import { useState } from "react";

/** An entry of a menu is gone by then, so what opened the menu stands for it. */
function findOpener(): Element | null {
  const menu = document.activeElement?.closest('[role="menu"]')?.getAttribute("aria-labelledby");
  return menu ? document.getElementById(menu) : document.activeElement;
}

/**
 * Returns a handler for the end of a dialog, which gives the focus back to where it was before. It looks before the
 * dialog is rendered, because a field of the dialog may take the focus at once.
 */
export function useReturnedFocus(isOpen: boolean): (event: Event) => void {
  const [before, setBefore] = useState(() => ({ isOpen, opener: findOpener() }));
  if (before.isOpen !== isOpen) setBefore({ isOpen, opener: isOpen ? findOpener() : before.opener });
  return (event) => {
    event.preventDefault();
    if (before.opener instanceof HTMLElement) before.opener.focus();
  };
}
