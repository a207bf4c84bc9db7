import { describe, expect, test } from "bun:test";
import { createToolNames } from "#runtime/tools/tool-names.ts";

const namesOf = (...names: readonly string[]) => createToolNames(names.map((name) => ({ name, parameters: {} })));
const NAMES = namesOf("read_file", "write_file", "edit", "exec", "message", "getWeather", "list-issues");

describe("the name of a call", () => {
  test.each([
    "read_file<|channel|>commentary",
    "read_file<|channel|>analysis<|constrain|>json",
    "functions.read_file<|channel|>commentary",
    "assistant<|channel|>commentary to=functions.read_file",
    "commentary to=functions.read_file <|constrain|>json<|message|>",
    "<|tool_call|>read_file",
    "<function=read_file>",
    "<tool>read_file</tool>",
    "functions.read_file",
    "functions.read_file:0",
    "functions::read_file",
    "functions_read_file",
    "read_file:12",
    "default_api:read_file",
    "default_api.read_file",
    "default_api__read_file",
    "print(default_api.read_file())",
    "tools.read_file",
    "tools/read_file",
    "google:tool:read_file:index:0",
    "repo_browser.read_file",
    " read_file",
    "read_file\n",
    "read_file()",
    'read_file({"path":"edit"})',
    "`read_file`",
    '"read_file"',
    "'functions.read_file'",
    "READ_FILE",
    "Read_File",
    "read-file",
    "readFile",
    "ReadFile",
    "ReadFile_tool",
    "ReadFileTool",
    "read_file_tool",
    "read file",
    "ｒｅａｄ＿ｆｉｌｅ",
    "read_\u200bfile",
  ])("%j means the tool that fits", (written) => {
    expect(NAMES.resolve(written)).toBe("read_file");
  });

  test.each([
    ["functions.getweather", "getWeather"],
    ["get_weather", "getWeather"],
    ["list_issues", "list-issues"],
    ["edit_file", "edit"],
    ["functions.bash:0", "exec"],
    ["message<|message|>", "message"],
  ])("%j means %j", (written, name) => {
    expect(NAMES.resolve(written)).toBe(name);
  });

  test.each([
    "read",
    "read_files_now",
    "file",
    "functions",
    "functions.",
    "toolsread_file",
    "my_read_file",
    "write_file|read_file",
    "edit or exec",
    "",
    " ",
    "constructor",
    "sessions_spawn",
    `${"x ".repeat(200)}read_file`,
  ])("%j stays as written, because no single tool fits", (written) => {
    expect(NAMES.resolve(written)).toBe(written);
  });

  test("that fits exactly is never changed, even if other names look alike", () => {
    const names = namesOf("Read", "read", "functions_read", "bash", "exec");
    for (const name of ["Read", "read", "functions_read", "bash"]) expect(names.resolve(name)).toBe(name);
    for (const name of ["READ", "functions.read"]) expect(names.resolve(name)).toBe(name);
  });

  test("that has no letters fits only exactly", () => {
    const names = namesOf("_", "read");
    expect(["_", "", " ", "-", "."].map((name) => names.resolve(name))).toEqual(["_", "", " ", "-", "."]);
    expect(names.resolve("functions.read()")).toBe("read");
  });

  test("resembles the names that an error tells the model", () => {
    expect(NAMES.similarTo("functions.reed_file:0")).toEqual(["read_file"]);
    expect(NAMES.similarTo("read_or_write_file")).toEqual(["write_file", "read_file"]);
    expect(namesOf("Read", "read").similarTo("READ")).toEqual(["Read", "read"]);
    expect(NAMES.similarTo("frobnicate")).toEqual([]);
    expect(namesOf("a1_x", "a2_x", "a3_x", "_", "a").similarTo("a1x a2x a3x a4x")).toHaveLength(3);
  });
});
