import type { Token, Tokens } from "marked";
import { memo, type ReactNode } from "react";
import { InlineText } from "#web/chat/markdown/inline-text.tsx";
import { cn } from "#web/ui/classes.ts";
import { CodeBlock } from "#web/ui/text/code-block.tsx";

const HEADINGS = ["text-title", "text-[1.0625rem]/6", "text-body", "text-body", "text-body", "text-body"];

/** A block of Markdown. It renders once: the same token is the same picture. */
export const BlockView = memo(function BlockView({ token }: { readonly token: Token }): ReactNode {
  const block = token as Tokens.Generic;
  switch (block.type) {
    case "space":
    case "def":
      return null;
    case "heading":
      // The page has headings of its own, so those of a message are only strong text to a screen reader.
      return (
        <p dir="auto" className={cn("mt-4 font-semibold first:mt-0", HEADINGS[block.depth - 1])}>
          <InlineText tokens={block.tokens} />
        </p>
      );
    case "code":
      return <CodeBlock code={block.text} {...(block.lang && { language: block.lang })} />;
    case "blockquote":
      return (
        <blockquote className="flex flex-col gap-2 border-line-strong border-l-2 pl-3 text-soft">
          <Blocks tokens={block.tokens} />
        </blockquote>
      );
    case "list":
      return <ListView list={block as Tokens.List} />;
    case "table":
      return <TableView table={block as Tokens.Table} />;
    case "hr":
      return <hr className="border-line" />;
    case "html":
      return <p className="whitespace-pre-wrap break-words">{block.text.trim()}</p>;
    default:
      return (
        <p dir="auto" className="break-words">
          {block.tokens ? <InlineText tokens={block.tokens} /> : block.text}
        </p>
      );
  }
});

function Blocks({ tokens }: { readonly tokens: readonly Token[] | undefined }): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: tokens have nothing but their place
  return tokens?.map((token, index) => <BlockView key={index} token={token} />);
}

function ListView({ list }: { readonly list: Tokens.List }) {
  const items = list.items.map((item, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: items have nothing but their place
    <li key={index} className={cn("pl-1", item.task && "-ml-5 list-none")}>
      <div className="flex min-w-0 items-start gap-2">
        {item.task && (
          <input
            type="checkbox"
            checked={item.checked ?? false}
            readOnly
            disabled
            className="mt-1"
            aria-label={item.text}
          />
        )}
        <div className="flex min-w-0 flex-1 flex-col gap-1">
          <ItemContent tokens={item.tokens} />
        </div>
      </div>
    </li>
  ));
  const look = "flex flex-col gap-1 pl-5 marker:text-faint";
  if (!list.ordered) return <ul className={cn(look, "list-disc")}>{items}</ul>;
  return (
    <ol start={Number(list.start) || 1} className={cn(look, "list-decimal")}>
      {items}
    </ol>
  );
}

/** The text of a tight item is no paragraph. */
const ItemContent = ({ tokens }: { readonly tokens: readonly Token[] }): ReactNode =>
  tokens.map((token, index) =>
    token.type === "checkbox" ? null : token.type === "text" && "tokens" in token ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: tokens have nothing but their place
      <span key={index} dir="auto" className="break-words">
        <InlineText tokens={token.tokens} />
      </span>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: tokens have nothing but their place
      <BlockView key={index} token={token} />
    ),
  );

const ALIGN = { left: "text-left", center: "text-center", right: "text-right" } as const;

function TableView({ table: { header, rows } }: { readonly table: Tokens.Table }) {
  const look = ({ align }: Tokens.TableCell) =>
    cn("min-w-20 max-w-80 break-words px-3 py-1.5 align-top", align ? ALIGN[align] : "text-start");
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled by keyboard too
    <div tabIndex={0} className="max-w-full overflow-x-auto rounded-lg border border-line">
      <table className="tabular w-full border-collapse text-table">
        <thead className="border-line border-b bg-hover">
          <tr>
            {header.map((cell, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: cells have nothing but their place
              <th key={index} dir="auto" scope="col" className={cn(look(cell), "font-medium")}>
                <InlineText tokens={cell.tokens} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have nothing but their place
            <tr key={place}>
              {row.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells have nothing but their place
                <td key={index} dir="auto" className={look(cell)}>
                  <InlineText tokens={cell.tokens} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
