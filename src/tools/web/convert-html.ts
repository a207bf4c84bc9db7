import { type ElementNode, streamHtmlToMarkdown } from "@mdream/js";
import { headOf } from "#base/texts/cut-text.ts";

export interface HtmlJob {
  readonly html: string;
  /** The URL of the page, which resolves relative links. */
  readonly url: string;
  readonly format: "markdown" | "text";
  /** Conversion stops shortly after this number of characters. */
  readonly maxChars: number;
}

/** The chunk size for the parser. Smaller chunks make it scan long runs of text repeatedly. */
const CHUNK_CHARS = 65_536;

/** Elements whose content is not meant for reading. */
const DROPPED = [
  ...["template", "noscript", "svg", "iframe", "object", "embed", "button", "select", "textarea", "canvas"],
  '[aria-hidden="true"]',
];

/** Elements that Markdown does not have, and the ones that replace them. */
const SHOWN_AS = { details: "div", summary: "p", dl: "div", dt: "p", dd: "p" };

const HIDING_STYLE = /(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden)/i;

/**
 * Converts a page to its readable text. Scripts, styles and hidden elements are omitted. Returns at most `maxChars` + 1
 * characters.
 */
export async function convertHtml({ html, url, format, maxChars }: HtmlJob): Promise<string> {
  const parts: string[] = [];
  let length = 0;
  const options = {
    format,
    origin: url,
    hooks: [{ processAttributes: markHidden }],
    plugins: { filter: { exclude: DROPPED }, tagOverrides: SHOWN_AS },
  };
  for await (const part of streamHtmlToMarkdown(toStream(html), options)) {
    parts.push(part);
    length += part.length;
    if (length > maxChars) break;
  }
  // The extra character tells the caller that the text is longer.
  return headOf(parts.join("").trim(), maxChars + 1);
}

/**
 * Sets the `hidden` attribute on elements that a style hides. The library omits such elements, but it recognises only
 * simple styles itself.
 */
function markHidden(element: ElementNode): void {
  if (HIDING_STYLE.test(element.attributes.style ?? "")) element.attributes.hidden = "";
}

function toStream(html: string): ReadableStream<string> {
  let position = 0;
  return new ReadableStream<string>(
    {
      pull(controller) {
        if (position >= html.length) return controller.close();
        controller.enqueue(html.slice(position, position + CHUNK_CHARS));
        position += CHUNK_CHARS;
      },
    },
    { highWaterMark: 0 },
  );
}
