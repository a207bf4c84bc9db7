import { distance } from "fastest-levenshtein";
import type { Environment } from "#app/config/read-environment.ts";
import type { Setting, Settings } from "#app/config/settings.ts";
import { VARIABLES } from "#cli/connection/variables.ts";

const PREFIX = "GOCLAW_";
/** Those of the home, of tests, and of the commands that call a gateway. */
const VARIABLES_WITHOUT_KEY = ["GOCLAW_HOME", "GOCLAW_TEST", "GOCLAW_FAILPOINTS", ...Object.values(VARIABLES)];

/** Returns a warning for each key of the file that the schema does not have. */
export function findUnknownKeys(file: Readonly<Record<string, unknown>>, settings: Settings): readonly string[] {
  const keys = settings.all.map(({ path }) => path.join("."));
  const known = new Set([...keys, ...settings.sections.keys()]);
  return Object.entries(file)
    .flatMap(([section, content]) => (settings.sections.has(section) ? keysOf(section, content) : [section]))
    .filter((name) => !known.has(name))
    .map((name) => `config.json has an unknown key, ${name}${suggest(name, [...known])}`);
}

/** Returns a warning for each unknown variable that begins with `GOCLAW_` and that `config.json` does not refer to. */
export function findUnknownVariables(
  env: Environment,
  settings: readonly Setting[],
  referred: readonly string[],
): readonly string[] {
  const known = [...settings.flatMap(({ environment }) => environment), ...VARIABLES_WITHOUT_KEY, ...referred];
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !name.startsWith("GOCLAW_TEST_") && !known.includes(name))
    .map((name) => `The environment has an unknown variable, ${name}${suggest(name, known)}`);
}

function keysOf(section: string, content: unknown): readonly string[] {
  if (content === null || typeof content !== "object") return [];
  return Object.keys(content).map((key) => `${section}.${key}`);
}

const afterDot = (name: string) => name.slice(name.lastIndexOf(".") + 1);

/** Returns a hint at the nearest known name, if any is near. A correct key in the wrong section counts as near. */
function suggest(name: string, known: readonly string[]): string {
  const [nearest] = known
    .map((candidate) => ({
      candidate,
      score: Math.min(distance(name, candidate), distance(afterDot(name), afterDot(candidate)) + 1),
    }))
    .sort((a, b) => a.score - b.score);
  const farthest = name.replace(PREFIX, "").length / 2;
  return nearest && nearest.score <= farthest ? `; did you mean ${nearest.candidate}?` : ".";
}
