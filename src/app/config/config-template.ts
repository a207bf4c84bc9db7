import JSON5 from "json5";
import { readSettings, type Setting } from "#app/config/settings.ts";
import { isRecord, ownValue } from "#base/json.ts";

const INTRODUCTION = `// The configuration of GoClaw, in JSON5. Every key stands here with its default, or with an example where it has none:
// remove the slashes before a key to set it. The environment variable named with a key wins over this file.
`;

/**
 * Returns the text of a `config.json` that explains every key and sets those of `content`. Without `content` it sets
 * nothing, as in a new home.
 */
export function configTemplate(content: Readonly<Record<string, unknown>> = {}): string {
  const { all, sections } = readSettings();
  const blocks = [...sections].map(([name, description]) => {
    const keys = all.filter(({ path }) => path[0] === name);
    return `  // ${description}\n  ${name}: ${writeSection(keys, ownValue(content, name) ?? {})},\n`;
  });
  const unknown = Object.entries(content)
    .filter(([name]) => !sections.has(name))
    .map(([name, value]) => `  ${writeKey(name)}: ${formatValue(value, 2)},\n`);
  return `${INTRODUCTION}{\n${[...blocks, ...unknown].join("\n")}}\n`;
}

function writeSection(settings: readonly Setting[], values: unknown): string {
  if (!isRecord(values)) return formatValue(values, 2);
  const known = settings.map((setting) => explainKey(setting, ownValue(values, setting.path[1])));
  const others = Object.entries(values)
    .filter(([key]) => !settings.some(({ path }) => path[1] === key))
    .map(([key, value]) => `    ${writeKey(key)}: ${formatValue(value, 4)},`);
  return `{\n${[...known, ...others].join("\n\n")}\n  }`;
}

function explainKey(setting: Setting, value: unknown): string {
  const { path, description, environment, defaultValue, example } = setting;
  const line =
    value === undefined
      ? `// ${path[1]}: ${JSON5.stringify(example ?? defaultValue, { quote: '"' })},`
      : `${path[1]}: ${formatValue(value, 4)},`;
  return [`// ${description} [${environment[0]}]`, line].map((text) => `    ${text}`).join("\n");
}

/** Writes a value over several lines, of which all but the first have this many spaces in front. */
const formatValue = (value: unknown, indent: number): string =>
  JSON5.stringify(value, { quote: '"', space: 2 }).replaceAll("\n", `\n${" ".repeat(indent)}`);

const writeKey = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name));
