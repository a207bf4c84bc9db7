const TAGS = ["b", "i", "s", "u", "code", "pre", "a", "blockquote"];
const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };

/** Returns the text that people read, or undefined if Telegram would refuse the markup. */
export function plainTextOf(text: string, parseMode: string | undefined): string | undefined {
  if (parseMode === undefined) return text;
  const open: string[] = [];
  let plain = "";
  let from = 0;
  for (const { 0: tag, 1: slash, 2: name = "", index } of text.matchAll(/<(\/?)([a-z]+)(?: [a-z]+="[^"<>]*")?>/g)) {
    const between = decode(text.slice(from, index));
    if (between === undefined || !TAGS.includes(name)) return undefined;
    plain += between;
    from = index + tag.length;
    if (slash === "") open.push(name);
    else if (open.pop() !== name) return undefined;
  }
  const rest = decode(text.slice(from));
  return open.length > 0 || rest === undefined ? undefined : plain + rest;
}

/** Returns undefined for a bare angle bracket, and for an unknown entity. */
function decode(text: string): string | undefined {
  if (/[<>]/.test(text)) return undefined;
  let isKnown = true;
  const decoded = text.replaceAll(/&(\w*);?/g, (_, name: string) => {
    isKnown &&= Object.hasOwn(ENTITIES, name);
    return ENTITIES[name] ?? "";
  });
  return isKnown ? decoded : undefined;
}
