import { type ElementNode, streamHtmlToMarkdown } from "@mdream/js";
import { headOf } from "#base/cut-text.ts";

export interface HtmlJob {
  readonly html: string;
  /** Where the page stands: links are made whole with it. */
  readonly url: string;
  readonly format: "markdown" | "text";
  /** Conversion stops shortly after so many characters. */
  readonly maxChars: number;
}

/** The parser is given so much at a time: with less it looks at long runs of text too often. */
const CHUNK_CHARS = 65_536;

/** Nothing of these is for reading. */
const DROPPED = [
  ...["template", "noscript", "svg", "iframe", "object", "embed", "button", "select", "textarea", "canvas"],
  '[aria-hidden="true"]',
];

/** Elements without a form in Markdown, shown as ones that have one. */
const SHOWN_AS = { details: "div", summary: "p", dl: "div", dt: "p", dd: "p" };

const HIDING_STYLE = /(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden)/i;

/** The readable text of a page. What scripts, styles and hidden elements say is left out. */
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
  // One more than asked for tells that there is more.
  return headOf(parts.join("").trim(), maxChars + 1);
}

/** The library drops elements with this attribute, and knows only the tidiest of hiding styles. */
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
