const OPERATORS = { "===": "!==", "!==": "===", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "&&": "||", "||": "&&" };
const OPENERS = new Set(["(", "[", "{", "${"]);
const CLOSERS = new Set([")", "]", "}"]);
const TIME_UNITS = new Set(["SECOND", "MINUTE", "HOUR", "DAY"]);
const BOOLEAN_METHOD = /\.(?:test|has|some|every|includes|startsWith|endsWith)\([^;]*\)$/;
const BOOLEAN_NAME = /^(?:await )?[\w.#]*\b(?:is|has|may|can|takes|should)[A-Z]\w*(?:\([^;]*\))?$/;

/** Keywords after which a slash begins a regular expression. */
const BEFORE_VALUE = new Set(
  "return typeof case in of delete void throw new else do await yield instanceof".split(" "),
);

const PIECES = [
  ["space", /\s+|\/\/.*|\/\*[\s\S]*?\*\//y],
  ["string", /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/y],
  ["number", /0[xXbBoO][\da-fA-F_]+n?|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?n?/y],
  ["word", /#?[\p{ID_Start}$_][\p{ID_Continue}$]*/uy],
  [
    "punctuation",
    /=>|\.\.\.|[=!]==?|[<>]=|&&=?|\|\|=?|\?\?=?|\?\.(?!\d)|\+\+|--|\*\*=?|[-+*/%&|^]=|[{}()[\];,.<>+\-*/%&|^!~?:=@#]/y,
  ],
];
const REGULAR_EXPRESSION = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
const TEMPLATE_TEXT = /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*/y;

/** Splits TypeScript into tokens `{ kind, text, start, end }` without white space and comments. */
export function tokenize(source) {
  const tokens = [];
  // One entry for each open template: how many braces are open inside its current `${`.
  const templates = [];
  let position = 0;
  const match = (pattern) => {
    pattern.lastIndex = position;
    return pattern.exec(source)?.[0];
  };
  const push = (kind, text) => {
    if (kind !== "space") tokens.push({ kind, text, start: position, end: position + text.length });
    position += text.length;
  };
  const pushTemplateText = (opening) => {
    const from = position;
    position += opening.length;
    position = from + opening.length + match(TEMPLATE_TEXT).length;
    const isClosed = source[position] === "`";
    const end = position + (isClosed ? 1 : 0);
    position = from;
    push("text", source.slice(from, end));
    if (isClosed) templates.pop();
    else push("punctuation", "${");
  };

  while (position < source.length) {
    const character = source[position];
    if (character === "`") {
      templates.push(0);
      pushTemplateText("`");
      continue;
    }
    if (character === "}" && templates.at(-1) === 0) {
      push("punctuation", "}");
      pushTemplateText("");
      continue;
    }
    const regularExpression =
      character === "/" && beginsValue(tokens.at(-1)) && !/^\/[/*]/.test(source.slice(position));
    const found = regularExpression
      ? [["text", match(REGULAR_EXPRESSION)]]
      : PIECES.map(([kind, pattern]) => [kind, match(pattern)]);
    const piece = found.find(([, text]) => text);
    if (!piece) throw new Error(`unexpected character at ${position}: ${source.slice(position, position + 20)}`);
    if (templates.length > 0 && piece[1] === "{") templates[templates.length - 1]++;
    if (templates.length > 0 && piece[1] === "}") templates[templates.length - 1]--;
    push(...piece);
  }
  return tokens;
}

function beginsValue(previous) {
  if (!previous) return true;
  if (previous.kind === "word") return BEFORE_VALUE.has(previous.text);
  return previous.kind === "punctuation" && !CLOSERS.has(previous.text);
}

/**
 * Finds the places of a TypeScript source where one change makes a plausible fault. Each is
 * `{ line, start, end, variants: [{ text, label }] }`: any variant's text may replace the source from start to end.
 */
export function findPlaces(source) {
  const tokens = tokenize(source);
  const skipped = findSkipped(tokens);
  return tokens.flatMap((token, index) => {
    if (skipped.has(index)) return [];
    const place = toPlace(source, tokens, index);
    return place ? [{ line: source.slice(0, token.start).split("\n").length, ...place }] : [];
  });
}

function toPlace(source, tokens, index) {
  const { kind, text } = tokens[index];
  if (kind === "number") return toNumberPlace(tokens, index);
  if (text === "if" && tokens[index + 1]?.text === "(") return toIfPlace(source, tokens, index);
  if (text === "return" || text === "=>") return toReturnPlace(source, tokens, index);
  return kind === "punctuation" && OPERATORS[text] ? toOperatorPlace(source, tokens, index) : undefined;
}

function toOperatorPlace(source, tokens, index) {
  const { text, start, end } = tokens[index];
  // The formatter puts spaces around operators, but not around the brackets of type arguments.
  const isSpaced = /\s/.test(source[start - 1] ?? "") && /\s/.test(source[end] ?? "");
  if (!isSpaced || isComparator(tokens, index)) return undefined;
  return { start, end, variants: [{ text: OPERATORS[text], label: `\`${text}\` → \`${OPERATORS[text]}\`` }] };
}

/** Whether a token belongs to `a < b ? -1 : 1`: unique keys are sorted the same with `<=` and any other numbers. */
function isComparator(tokens, index) {
  const near = tokens.slice(Math.max(0, index - 6), index + 9);
  return near
    .map(({ text }) => text)
    .join(" ")
    .includes("? - 1 : 1");
}

function toNumberPlace(tokens, index) {
  const { text, start, end } = tokens[index];
  const [next, unit] = tokens.slice(index + 1, index + 3);
  const isTime = next?.text === "*" && TIME_UNITS.has(unit?.text);
  if (isTime || TIME_UNITS.has(tokens[index - 2]?.text) || text.endsWith("n") || isComparator(tokens, index)) {
    return undefined;
  }
  const value = Number(text.replaceAll("_", ""));
  const others = Number.isInteger(value) ? [value + 1, value - 1, value * 2] : [value * 2];
  const values = [...new Set(others)].filter((other) => other >= 0 && other !== value);
  return { start, end, variants: values.map((other) => ({ text: `${other}`, label: `\`${text}\` → \`${other}\`` })) };
}

function toIfPlace(source, tokens, index) {
  const close = endOfExpression(tokens, index + 2);
  const inner = tokens.slice(index + 2, close);
  const has = (...operators) => inner.some(({ text }) => operators.includes(text));
  // A negated comparison is the same change as its other operator.
  if (has("===", "!==") && !has("&&", "||")) return undefined;
  const { start } = inner[0];
  const { end } = inner.at(-1);
  const condition = source.slice(start, end);
  const label = `\`if (${shorten(condition)})\` negated`;
  return { start, end, variants: [{ text: `!(${condition})`, label }] };
}

function toReturnPlace(source, tokens, index) {
  const first = tokens[index + 1];
  if (!first || first.text === ";" || (tokens[index].text === "=>" && first.text === "{")) return undefined;
  // Removing a timer late changes nothing that a caller can see.
  if (/^clear(?:Timeout|Interval|Immediate)$/.test(first.text)) return undefined;
  const last = tokens[endOfExpression(tokens, index + 1) - 1];
  const value = source.slice(first.start, last.end);
  const inner = tokens.slice(index + 1, tokens.indexOf(last) + 1);
  const variants = returnsInstead(value, inner).filter((text) => text !== value);
  const word = tokens[index].text;
  return {
    start: first.start,
    end: last.end,
    variants: variants.map((text) => ({ text, label: `\`${word} ${shorten(value)}\` → \`${word} ${shorten(text)}\`` })),
  };
}

function returnsInstead(value, inner) {
  if (value === "true" || value === "false") return [value === "true" ? "false" : "true"];
  const operators = outerTokens(inner).map(({ text }) => text);
  if (operators.includes("?") || operators.includes("??")) return ["undefined", '""', "[]"];
  const isBoolean =
    operators[0] === "!" ||
    operators.some((text) => OPERATORS[text]) ||
    [BOOLEAN_METHOD, BOOLEAN_NAME].some((pattern) => pattern.test(value));
  return isBoolean ? [`!(${value})`] : ["undefined", '""', "[]"];
}

/** The tokens that are in no bracket. */
function outerTokens(tokens) {
  let depth = 0;
  return tokens.filter(({ text, kind }) => {
    if (kind !== "punctuation") return depth === 0;
    if (OPENERS.has(text)) depth++;
    if (CLOSERS.has(text)) depth--;
    return depth === 0 && !CLOSERS.has(text);
  });
}

/** The index of the token after the expression that begins at `start`. */
function endOfExpression(tokens, start, ends = [";", ","]) {
  let depth = 0;
  for (let index = start; index < tokens.length; index++) {
    const { text, kind } = tokens[index];
    if (kind !== "punctuation") continue;
    if (depth === 0 && (ends.includes(text) || CLOSERS.has(text))) return index;
    if (OPENERS.has(text)) depth++;
    if (CLOSERS.has(text)) depth--;
  }
  return tokens.length;
}

/** The indexes of tokens in imports, type declarations and cache sizes, which no behaviour depends on. */
function findSkipped(tokens) {
  const skipped = new Set();
  const textAt = (index) => tokens[index]?.text;
  const skip = (from, to) => {
    for (let index = from; index <= to; index++) skipped.add(index);
  };
  tokens.forEach(({ kind, text }, index) => {
    if (kind !== "word" || skipped.has(index)) return;
    const beginsStatement = index === 0 || [";", "}", "export", "declare"].includes(textAt(index - 1));
    const namesNext = tokens[index + 1]?.kind === "word";
    if (text === "import" && ![".", "("].includes(textAt(index + 1)))
      skip(index, endOfExpression(tokens, index, [";"]));
    if (text === "type" && beginsStatement && namesNext) skip(index, endOfExpression(tokens, index, [";"]));
    if (text === "interface" && beginsStatement && namesNext) {
      const body = tokens.findIndex((token, at) => at > index && token.text === "{");
      skip(index, endOfExpression(tokens, body + 1, []));
    }
    if (text === "LRUCache" && textAt(index - 1) === "new") {
      const open = tokens.findIndex((token, at) => at > index && token.text === "(");
      skip(index, endOfExpression(tokens, open + 1, []));
    }
  });
  return skipped;
}

const shorten = (text) => {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 50 ? `${line.slice(0, 49)}…` : line;
};

/** Numbers from 0 to 1 that depend on the seed alone (mulberry32, https://github.com/bryc/code, public domain). */
export function createRandom(seed) {
  let state = [...String(seed)].reduce((hash, character) => Math.imul(hash ^ character.codePointAt(0), 0x01000193), 1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Puts a list into an order that depends on the random numbers alone. */
export function shuffle(list, random) {
  return list
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** Orders the places of several files, given as lists, with those of each file spread over the whole order. */
export function spread(files, random) {
  return files
    .flatMap((places) =>
      // The root lets small files come early without hiding a large one.
      shuffle(places, random).map((place, rank) => ({ place, key: (rank + random()) / Math.sqrt(places.length) })),
    )
    .sort((a, b) => a.key - b.key)
    .map(({ place }) => place);
}

/** Divides `count` among folders in proportion to their sizes, with at least `least` for each if there are enough. */
export function divide(count, sizes, least = 8) {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const minimum = Math.min(least, Math.floor(count / sizes.length));
  const ideals = sizes.map((size) => (count * size) / total);
  const shares = ideals.map((ideal) => Math.max(minimum, Math.floor(ideal)));
  const excess = () => shares.reduce((sum, share) => sum + share, 0) - count;
  const indexOfLargest = (scores) => scores.indexOf(Math.max(...scores));
  while (excess() > 0) {
    const surplus = shares.map((share, index) =>
      share > minimum ? share - (ideals[index] ?? 0) : Number.NEGATIVE_INFINITY,
    );
    shares[indexOfLargest(surplus)]--;
  }
  while (excess() < 0) shares[indexOfLargest(ideals.map((ideal, index) => ideal - shares[index]))]++;
  return shares;
}
