import { basename } from "node:path";
import { type DenyGroup, type DenyToggles, findDenied } from "#processes/deny-groups.ts";

/** Characters by which a shell ends a command or begins another one. Between words without a shell they are text. */
const SEPARATORS = /[;&|(){}\n\r`$<>]/g;
/** Programs that run one of their arguments as a command of a shell. */
const SHELLS: ReadonlySet<string> = new Set(["sh", "bash", "dash", "zsh", "ksh", "fish", "busybox", "env", "xargs"]);

/**
 * Returns the group of refused commands to which a command belongs, or undefined. Only a safeguard: the words are what
 * the program receives, and no value makes another command of them.
 */
export function findDeniedWords(argv: readonly string[], toggles: DenyToggles): DenyGroup | undefined {
  const [program = "", ...rest] = argv;
  const line = argv.map((word) => word.replaceAll(SEPARATORS, "_")).join(" ");
  const scripts = SHELLS.has(basename(program)) ? rest : [];
  return [line, ...scripts].map((text) => findDenied(text, toggles)).find((group) => group !== undefined);
}
