import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { findDeniedWords } from "#features/custom-tools/command/find-denied-words.ts";
import { renderCommand } from "#features/custom-tools/command/render-command.ts";
import { type CommandProblem, splitCommand } from "#features/custom-tools/command/split-command.ts";
import { toShellWords } from "#features/custom-tools/command/to-shell-words.ts";

/** The words of a command with these values, or the problem that refuses it. */
function render(command: string, values: Readonly<Record<string, unknown>> = {}, optional: readonly string[] = []) {
  const split = splitCommand(command);
  if (split.kind === "wrong") return split.problem;
  return renderCommand(split.words, { values, optional: new Set(optional) });
}

describe("a command", () => {
  test.each<[string, readonly string[]]>([
    ["ls -la", ["ls", "-la"]],
    ["  ls\t-la\n", ["ls", "-la"]],
    [`echo 'a b' "c d" e\\ f`, ["echo", "a b", "c d", "e f"]],
    [`echo "" ''`, ["echo", "", ""]],
    [`echo "a\\"b" 'c\\d' "e\\f"`, ["echo", 'a"b', "c\\d", "e\\f"]],
    ["echo a\\\n b", ["echo", "a", "b"]],
    ["echo $HOME `id` *.txt ~ ; rm -rf x", ["echo", "$HOME", "`id`", "*.txt", "~", ";", "rm", "-rf", "x"]],
    [`echo it"'"s`, ["echo", "it's"]],
    ["echo đặng 🦊", ["echo", "đặng", "🦊"]],
  ])("%j is split into words, and nothing in it is expanded", (command, words) => {
    expect(render(command)).toEqual([...words]);
  });

  test.each<[string, CommandProblem]>([
    ["", "field.command_empty"],
    [" \n", "field.command_empty"],
    ["echo 'a", "field.command_quote"],
    ['echo "a', "field.command_quote"],
    ["{{.program}} -v", "field.command_program"],
    ["/usr/bin/{{.program}}", "field.command_program"],
  ])("%j is refused", (command, problem) => {
    expect(render(command)).toEqual(problem);
  });

  test("an argument fills its part of a word, in quotes or without, and is read only once", () => {
    const values = { a: "x y", b: "{{.a}}", n: 1.5, o: { k: [1] }, t: true };
    expect(render("p {{.a}} --a={{.a}}! '{{ .b }}' {{.n}}{{.t}} {{.o}}", values)).toEqual([
      ...["p", "x y", "--a=x y!", "{{.a}}", "1.5true", '{"k":[1]}'],
    ]);
  });

  test("a missing argument is empty if it may be missing, and an error otherwise", () => {
    expect(render("p {{.a}} -{{.b}}", { b: null }, ["a", "b"])).toEqual(["p", "", "-"]);
    expect(() => render("p {{.a}}", {}, ["b"])).toThrow("missing parameter: a");
    expect(() => render("p {{.constructor}}", {})).toThrow("missing parameter: constructor");
    expect(() => render("p {{.a}}", { a: "x\0y" })).toThrow("NUL");
  });

  test("no value adds, removes or changes another word", () => {
    const nasty = fc.constantFrom(
      "; touch X",
      "$(id)",
      "`id`",
      "'\"",
      "\n",
      "-rf",
      "--output=X",
      "@f",
      "~",
      "*",
      "{{.b}}",
    );
    const value = fc.oneof(nasty, fc.string({ unit: "binary" })).filter((text) => !text.includes("\0"));
    fc.assert(
      fc.property(value, value, (a, b) => {
        const words = render("prog -x {{.a}} 'in {{.b}}' --k={{.a}}{{.b}} last", { a, b });
        expect(words).toEqual(["prog", "-x", a, `in ${b}`, `--k=${a}${b}`, "last"]);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("a shell command", () => {
  const run = (command: string, values: Readonly<Record<string, string>>) => {
    const split = toShellWords(command);
    if (split.kind === "wrong") return split.problem;
    const [program = "", ...args] = renderCommand(split.words, { values, optional: new Set() });
    return Bun.spawnSync([program, ...args], { env: { PATH: process.env.PATH } }).stdout.toString();
  };

  test("receives arguments as data, wherever they stand", () => {
    const fox = `; echo "x" $(id) \`id\` ' \\ 🦊`;
    expect(run("printf '%s|' {{.a}} '{{.a}}' \"{{.a}}\" pre{{.a}}post", { a: fox })).toBe(
      `${fox}|${fox}|${fox}|pre${fox}post|`,
    );
    expect(run('echo {{.a}} | tr a-z A-Z; echo "$(printf %s {{.b}})"', { a: "up", b: "$(id)" })).toBe("UP\n$(id)\n");
  });

  test("no value is read as code", () => {
    const value = fc.string({ unit: "binary-ascii" }).filter((text) => !/[\0\r]/.test(text) && !text.endsWith("\n"));
    fc.assert(
      fc.property(value, (a) => expect(run(`printf %s "<{{.a}}>" '<{{.a}}>' {{.a}}`, { a })).toBe(`<${a}><${a}>${a}`)),
      { numRuns: 100 },
    );
  });

  test("is refused if it is empty or has an open quotation", () => {
    expect(run(" ", {})).toBe("field.command_empty");
    expect(run("echo 'a", {})).toBe("field.command_quote");
    expect(run("echo \\' {{.a}}", { a: "b" })).toBe("' b\n");
  });
});

test("refused kinds of commands are found by the program, and never by what a value looks like", () => {
  expect(findDeniedWords(["rm", "-rf", "x"], {})).toBe("destructive_ops");
  expect(findDeniedWords(["sudo", "ls"], {})).toBe("privilege_escalation");
  expect(findDeniedWords(["/bin/sh", "-c", "rm -rf /"], {})).toBe("destructive_ops");
  expect(findDeniedWords(["echo", "a; rm -rf b", "$(sudo ls)", "x\nrm -rf y"], {})).toBeUndefined();
  expect(findDeniedWords(["rm", "-rf", "x"], { destructive_ops: false })).toBeUndefined();
});
