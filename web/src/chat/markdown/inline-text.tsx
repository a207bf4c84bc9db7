import type { Token, Tokens } from "marked";
import type { ReactNode } from "react";
import { decodeEntities } from "#web/chat/markdown/decode-entities.ts";

/** The marks within a line. HTML stays text: nothing that a model writes becomes markup of the page. */
export function InlineText({ tokens }: { readonly tokens: readonly Token[] | undefined }): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: tokens have nothing but their place
  return tokens?.map((token, index) => <Inline key={index} token={token as Tokens.Generic} />);
}

function Inline({ token }: { readonly token: Tokens.Generic }): ReactNode {
  const inner = token.tokens ? <InlineText tokens={token.tokens} /> : decodeEntities(token.text ?? "");
  switch (token.type) {
    case "strong":
      return <strong className="font-semibold">{inner}</strong>;
    case "em":
      return <em>{inner}</em>;
    case "del":
      return <del>{inner}</del>;
    case "codespan":
      return <code className="rounded bg-hover px-1 py-0.5 font-mono text-code">{token.text}</code>;
    case "br":
      return <br />;
    case "html":
      return /^<br\s*\/?>$/i.test(token.raw) ? <br /> : token.raw;
    case "link":
      return <MarkdownLink href={token.href}>{inner}</MarkdownLink>;
    case "image":
      return <MarkdownImage href={token.href} label={decodeEntities(token.text)} />;
    case "checkbox":
      return null;
    default:
      return inner;
  }
}

const SAFE_LINK = /^(?:https?:\/\/|mailto:|tel:|\/(?!\/))/i;

/** A link to another place. One with a scheme that could run something is shown as text. */
function MarkdownLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  if (!SAFE_LINK.test(href)) return children;
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="text-accent underline decoration-accent/40 underline-offset-2 hover:decoration-accent"
    >
      {children}
    </a>
  );
}

/** A picture of the gateway. One from elsewhere would tell its server who reads, so it is a link. */
function MarkdownImage({ href, label }: { readonly href: string; readonly label: string }) {
  const isOwn = href.startsWith("/v1/") || href.startsWith(`${location.origin}/v1/`);
  if (!isOwn) return <MarkdownLink href={href}>{label || href}</MarkdownLink>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      <img src={href} alt={label} loading="lazy" className="my-2 max-h-96 max-w-full rounded-lg border border-line" />
    </a>
  );
}
