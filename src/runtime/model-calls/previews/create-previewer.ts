import { headOf, tailOf } from "#base/cut-text.ts";
import type { Scrubber } from "#base/scrub-credentials.ts";

/** Shows the beginning and the end of a text in a trace, without credentials and without the bytes of files. */
export type Previewer = (text: string) => string;

export interface PreviewerOptions {
  /** The longest preview, in UTF-16 code units. Longer texts are cut in the middle. */
  readonly chars: number;
  readonly scrubber: Scrubber;
}

/** A credential that begins in the part that is shown ends within this many characters. */
export const MAX_MARGIN = 4_096;
/** The encoded bytes of an image or another file. */
const BYTES = /(?:data:[\w.+/-]{1,100};base64,)?[A-Za-z0-9+/_-]{256,}={0,2}/g;
const CUT = " […] ";

export function createPreviewer({ chars, scrubber }: PreviewerOptions): Previewer {
  const clean = (text: string) => scrubber.scrub(text.replaceAll(BYTES, "[data]"), []);
  const shown = Math.max(0, Math.floor((chars - CUT.length) / 2));
  return (text) => {
    const isShort = text.length <= chars + 2 * MAX_MARGIN;
    const whole = isShort ? clean(text) : undefined;
    if (whole !== undefined && whole.length <= chars) return whole.toWellFormed();
    // Cleaning a long text as a whole would take too long, so its two ends are cleaned with a margin.
    const begin = whole ?? clean(headOf(text, shown + MAX_MARGIN));
    const end = whole ?? clean(tailOf(text, shown + MAX_MARGIN));
    return `${headOf(begin, shown)}${CUT}${tailOf(end, shown)}`.toWellFormed();
  };
}
