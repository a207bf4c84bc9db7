import JSON5 from "json5";
import { readSettings, type Setting } from "#app/config/settings.ts";

const INTRODUCTION = `// The configuration of GoClaw, in JSON5. Every key stands here with its default, or with an example where it has none:
// remove the slashes before a key to set it. The environment variable named with a key wins over this file.
`;

/** Returns the `config.json` of a new home. It sets nothing and explains every key. */
export function configTemplate(): string {
  const { all, sections } = readSettings();
  const blocks = [...sections].map(([name, description]) => {
    const keys = all.filter(({ path }) => path[0] === name).map(explainKey);
    return `  // ${description}\n  ${name}: {\n${keys.join("\n\n")}\n  },\n`;
  });
  return `${INTRODUCTION}{\n${blocks.join("\n")}}\n`;
}

function explainKey({ path: [, key], description, environment: [variable], defaultValue, example }: Setting): string {
  const value = example ?? defaultValue;
  return [`// ${description} [${variable}]`, `// ${key}: ${formatValue(value)},`]
    .map((line) => `    ${line}`)
    .join("\n");
}

const formatValue = (value: unknown) => JSON5.stringify(value, { quote: '"' });
