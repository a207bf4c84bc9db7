import { findFence } from "#channels/text/find-fence.ts";

const HEADING = /^#{1,6}[ \t]+(.+?)[ \t]*#*$/;
const BULLET = /^(\s*)[-*+][ \t]+/;
const QUOTE = /^>[ \t]?/;

/** The marks within a line. No repetition is in another, so a hostile text costs at most the square of its length. */
const INLINE =
  /`([^`\n]+)`|\*\*(?=\S)((?:(?!\*\*)[^\n])+)\*\*|__(?=\S)((?:(?!__)[^\n])+)__|~~(?=\S)((?:(?!~~)[^\n])+)~~|(?<![\w*])\*(?=[^\s*])([^*\n]+)\*(?![\w*])|(?<![\w_])_(?=[^\s_])([^_\n]+)_(?![\w_])|\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)/g;

/** Converts Markdown to the HTML that Telegram takes. Every tag that it opens is closed, whatever the text. */
export function toTelegramHtml(markdown: string): string {
  const blocks: string[] = [];
  let lines: string[] = [];
  let open: { readonly mark: string; readonly language: string } | undefined;
  const endBlock = () => {
    if (open) blocks.push(toCodeBlock(lines.join("\n"), open.language));
    else if (lines.length > 0) blocks.push(toBlocks(lines));
    lines = [];
  };
  for (const line of markdown.split("\n")) {
    const fence = findFence(line);
    if (!fence || (open && !(fence.mark.startsWith(open.mark) && fence.language === ""))) {
      lines.push(line);
      continue;
    }
    endBlock();
    open = open ? undefined : fence;
  }
  endBlock();
  return blocks.join("\n");
}

function toCodeBlock(code: string, language: string): string {
  const name = /^[\w+#.-]{1,30}$/.test(language) ? language : "";
  return name === ""
    ? `<pre>${escapeHtml(code)}</pre>`
    : `<pre><code class="language-${name}">${escapeHtml(code)}</code></pre>`;
}

function toBlocks(text: readonly string[]): string {
  const lines: string[] = [];
  let quoted: string[] = [];
  const endQuote = () => {
    if (quoted.length > 0) lines.push(`<blockquote>${quoted.join("\n")}</blockquote>`);
    quoted = [];
  };
  for (const line of text) {
    if (QUOTE.test(line)) {
      quoted.push(toInline(line.replace(QUOTE, "")));
      continue;
    }
    endQuote();
    const [, heading] = HEADING.exec(line) ?? [];
    lines.push(heading === undefined ? toInline(line.replace(BULLET, "$1• ")) : `<b>${toInline(heading)}</b>`);
  }
  endQuote();
  return lines.join("\n");
}

function toInline(text: string, depth = 0): string {
  if (depth > MAX_DEPTH) return escapeHtml(text);
  let html = "";
  let from = 0;
  const inner = (part: string) => toInline(part, depth + 1);
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, bold, underlined, struck, starred, slanted, label, url] = match;
    html += escapeHtml(text.slice(from, match.index));
    if (code !== undefined) html += `<code>${escapeHtml(code)}</code>`;
    else if (bold !== undefined) html += `<b>${inner(bold)}</b>`;
    else if (underlined !== undefined) html += `<b>${inner(underlined)}</b>`;
    else if (struck !== undefined) html += `<s>${inner(struck)}</s>`;
    else if (label !== undefined) html += `<a href="${escapeHtml(url ?? "")}">${inner(label)}</a>`;
    else html += `<i>${inner(starred ?? slanted ?? "")}</i>`;
    from = match.index + whole.length;
  }
  return html + escapeHtml(text.slice(from));
}

const MAX_DEPTH = 5;

const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
