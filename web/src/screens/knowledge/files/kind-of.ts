const IMAGES = /\.(avif|bmp|gif|ico|jpe?g|png|webp)$/i;
const MARKDOWN = /\.(md|markdown|mdx)$/i;
const TEXTS =
  /\.(c|cfg|conf|cpp|css|csv|env|go|h|html?|ini|java|js|json|json5|jsonl|jsx|log|lua|mjs|php|py|rb|rs|sh|sql|svg|toml|ts|tsv|tsx|txt|vue|xml|ya?ml)$/i;

/** Returns how a file can be shown. SVG and HTML are texts, because a browser would run what is in them. */
export function kindOf(name: string): "image" | "markdown" | "text" | "other" {
  if (IMAGES.test(name)) return "image";
  if (MARKDOWN.test(name)) return "markdown";
  if (TEXTS.test(name)) return "text";
  return "other";
}

/** Returns the name of the file or folder at a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
