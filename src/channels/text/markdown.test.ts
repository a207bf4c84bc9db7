import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { toTelegramHtml } from "#channels/telegram/to-telegram-html.ts";
import { splitMarkdown } from "#channels/text/split-markdown.ts";
import { plainTextOf } from "#testing/channels/telegram-markup.ts";

/** Text in which everything may happen that Markdown has a meaning for. */
const markdown = fc
  .array(
    fc.oneof(
      fc.constantFrom("**", "*", "_", "__", "~~", "`", "```", "~~~~", "\n", "\n\n", "# ", "- ", "> ", "[", "](", ")"),
      fc.constantFrom(
        "https://a.b/c",
        "<b>",
        "</b>",
        "&amp;",
        "&",
        "<",
        ">",
        '"',
        "ts",
        " ",
        "bạn",
        "机器人",
        "👩‍👩‍👧",
      ),
      fc.string({ maxLength: 8 }),
    ),
    { maxLength: 120 },
  )
  .map((parts) => parts.join(""));

const bare = (text: string) => text.replaceAll(/[\s`~]/g, "");

describe("the pieces of a text", () => {
  test("are short enough, and lose and repeat nothing but space and the ends of blocks of code", () => {
    fc.assert(
      fc.property(markdown, fc.integer({ min: 60, max: 200 }), (text, max) => {
        const pieces = splitMarkdown(text, max);
        for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(max);
        if (!/[`~]{3}/.test(text)) expect(bare(pieces.join(""))).toBe(bare(text));
      }),
    );
  });

  test("never cut a character in two", () => {
    const text = "👩‍👩‍👧".repeat(200);
    for (const piece of splitMarkdown(text, 101)) expect(piece.isWellFormed()).toBe(true);
    expect(splitMarkdown(text, 101).join("")).toBe(text);
  });

  test("keep a block of code a block of code, with its language", () => {
    const text = `Before\n\n~~~~py\n${"x = 1\n".repeat(60)}~~~~\nAfter`;
    const pieces = splitMarkdown(text, 120);
    const [, ...others] = pieces;
    expect(others.slice(0, -1).every((piece) => piece.startsWith("~~~~py\n") && piece.endsWith("\n~~~~"))).toBe(true);
    expect(pieces.at(-1)).toEndWith("After");
  });

  test("are one piece for a text that fits, and none for no text", () => {
    expect(splitMarkdown("hello", 100)).toEqual(["hello"]);
    expect(splitMarkdown(" \n ", 100)).toEqual([]);
  });
});

describe("the markup of Telegram", () => {
  test("is valid whatever the text is, and shows all of it", () => {
    fc.assert(
      fc.property(markdown, (text) => {
        const plain = plainTextOf(toTelegramHtml(text), "HTML");
        expect(plain).toBeDefined();
        expect(plain?.length).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  test.each([
    ["**bold _both_**", "<b>bold <i>both</i></b>"],
    ["a*b*c and snake_case_name", "a*b*c and snake_case_name"],
    ["2 * 3 * 4", "2 * 3 * 4"],
    ["`<b>`", "<code>&lt;b&gt;</code>"],
    ['[a](https://b.c/?d="e")', '<a href="https://b.c/?d=&quot;e&quot;">a</a>'],
    ["[a](javascript:x)", "[a](javascript:x)"],
    ["## Title ##", "<b>Title</b>"],
    ["- one\n- two", "• one\n• two"],
    ["> quoted\n> more\nnot", "<blockquote>quoted\nmore</blockquote>\nnot"],
    ["~~gone~~", "<s>gone</s>"],
    ["```js\na < b\n```", '<pre><code class="language-js">a &lt; b</code></pre>'],
    ["```\nopen", "<pre>open</pre>"],
  ])("%j becomes %j", (text, html) => {
    expect(toTelegramHtml(text)).toBe(html);
  });

  test("takes no long time for a hostile text", () => {
    for (const part of ["**", "_a", "[", "[a](", "`", "~~", "> ", "```\n"]) {
      const text = part.repeat(Math.floor(4_000 / part.length));
      expect(plainTextOf(toTelegramHtml(text), "HTML")).toBeDefined();
    }
  });
});
