import { useRouter } from "@tanstack/react-router";
import type { MouseEvent } from "react";
import type { LinkProps } from "#web/ui/link.tsx";

/** A link to another screen. The browser itself opens it in a new tab where a person asks for that. */
export function InnerLink({ href, onClick, ...props }: LinkProps) {
  const { history } = useRouter();
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!isPlain || event.defaultPrevented || !href.startsWith("/") || props.target || props.download) return;
    event.preventDefault();
    history.push(href);
  };
  return <a href={href} {...props} onClick={follow} />;
}
