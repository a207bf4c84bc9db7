import { type ComponentProps, createContext, type ReactElement, type ReactNode, useContext } from "react";

export type LinkProps = ComponentProps<"a"> & { readonly href: string };

/** Makes a link of the router from the properties of a plain one. */
export type RenderLink = (props: LinkProps) => ReactElement;

const LinkContext = createContext<RenderLink>((props) => <a {...props} />);

interface LinkRootProps {
  readonly renderLink: RenderLink;
  readonly children: ReactNode;
}

/** Use once, around the whole application: says how parts make links, unless their own `renderLink` says otherwise. */
export function LinkRoot({ renderLink, children }: LinkRootProps) {
  return <LinkContext value={renderLink}>{children}</LinkContext>;
}

/** Returns how to make a link here. */
export function useRenderLink(own?: RenderLink): RenderLink {
  const inherited = useContext(LinkContext);
  return own ?? inherited;
}

/** Use for a link within a text. */
export function TextLink({ className, ...props }: LinkProps) {
  const renderLink = useRenderLink();
  return renderLink({
    ...props,
    className: `text-accent underline decoration-accent/40 underline-offset-2 hover:decoration-accent ${className ?? ""}`,
  });
}
