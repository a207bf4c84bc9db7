import type { Completion, CompletionWord } from "#cli/completion/list-completions.ts";

type ToScript = (completions: readonly Completion[]) => string;

/** Writes the script of each shell. All of them walk along the words that are commands, and offer what may follow. */
export const SCRIPTS: Readonly<Record<string, ToScript>> = { bash: toBash, zsh: toZsh, fish: toFish };

/** Files complete wherever nothing else does. */
function toBash(completions: readonly Completion[]): string {
  return `# Completes the commands of goclaw in bash.
_goclaw() {
  local current="\${COMP_WORDS[COMP_CWORD]}" line="" next word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
${toWalk(completions)}
${completions.map(({ path, words }) => `    ${quote(path)}) words=${quote(namesOf(words).join(" "))} ;;`).join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o bashdefault -o default -F _goclaw goclaw
`;
}

function toZsh(completions: readonly Completion[]): string {
  const entry = ({ word, help }: CompletionWord) => quote(`${word.replaceAll(":", "\\:")}:${help}`);
  return `#compdef goclaw
# Completes the commands of goclaw in zsh.
_goclaw() {
  local line="" next word
  local -a entries
  for word in "\${(@)words[2,CURRENT-1]}"; do
${toWalk(completions)}
${completions.map(({ path, words }) => `    ${quote(path)}) entries=(${words.map(entry).join(" ")}) ;;`).join("\n")}
  esac
  _describe goclaw entries || _files
}
# Loaded by name, this file is itself the function at its first use.
if [[ "\${funcstack[1]}" == _goclaw ]]; then _goclaw "$@"; else compdef _goclaw goclaw; fi
`;
}

function toFish(completions: readonly Completion[]): string {
  const line = (path: string, { word, help }: CompletionWord) =>
    `complete -c goclaw -n "__goclaw_at ${quote(path)}" -a ${quote(word)} -d ${quote(help)}`;
  return `# Completes the commands of goclaw in fish.
function __goclaw_at
  set -l line
  for word in (commandline -opc)[2..-1]
    contains -- (string join -- ' ' $line $word) ${pathsOf(completions).map(quote).join(" ")}; or break
    set -a line $word
  end
  test "$line" = "$argv[1]"
end
${completions.flatMap(({ path, words }) => words.map((word) => line(path, word))).join("\n")}
`;
}

/** The rest of a loop over the words before the cursor, as bash and zsh read it. `line` becomes the command so far. */
const toWalk = (completions: readonly Completion[]): string => `    next="\${line:+$line }$word"
    case "$next" in
      ${pathsOf(completions).map(quote).join(" | ")}) line="$next" ;;
      *) break ;;
    esac
  done
  case "$line" in`;

const pathsOf = (completions: readonly Completion[]): readonly string[] =>
  completions.map(({ path }) => path).filter((path) => path !== "");

const namesOf = (words: readonly CompletionWord[]): readonly string[] => words.map(({ word }) => word);

/** Quotes a text so that each of the shells takes it as it is. */
const quote = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "’")}'`;
