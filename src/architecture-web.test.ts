import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const ROOT = join(import.meta.dir, "../web/src");
const files = readdirSync(ROOT, { recursive: true })
  .map(String)
  .filter((path) => /\.tsx?$/.test(path));
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const importsOf = (path: string) =>
  [...read(path).matchAll(/(?:from|import)\s*\(?"([^"]+)"/g)].map(([, name = ""]) => name);
const layerOf = (path: string) => path.split("/")[0] ?? "";

/** The layers of the dashboard that the files of each layer may import, beside their own. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  i18n: [],
  ui: ["i18n"],
  live: ["i18n", "ui"],
  chat: ["i18n", "ui", "live"],
  screens: ["i18n", "ui", "live", "chat"],
  app: ["i18n", "ui", "live", "chat", "screens"],
};

const MAX_LINES = 300;
const MAX_FILES_PER_FOLDER = 20;

describe("the architecture of the dashboard", () => {
  test("a layer imports only the ones before it, the client and packages", () => {
    const violations = files
      .filter((path) => path.includes("/"))
      .flatMap((path) =>
        importsOf(path)
          .filter((name) => name.startsWith("#") || name.startsWith("."))
          .filter((name) => {
            const layer = name.startsWith("#web/") ? layerOf(name.slice("#web/".length)) : undefined;
            if (layer === undefined) return name !== "#client/index.ts";
            return layer !== layerOf(path) && !LAYERS[layerOf(path)]?.includes(layer);
          })
          .map((name) => `${path} imports ${name}`),
      );
    expect(violations).toEqual([]);
  });

  test("a screen imports no other screen", () => {
    const violations = files
      .filter((path) => layerOf(path) === "screens")
      .flatMap((path) =>
        importsOf(path)
          .filter((name) => name.startsWith("#web/screens/") && name.split("/")[2] !== path.split("/")[1])
          .map((name) => `${path} imports ${name}`),
      );
    expect(violations).toEqual([]);
  });

  test("nothing that people or models write becomes markup or code", () => {
    const sinks =
      /dangerouslySetInnerHTML|\.(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function\(/;
    expect(files.filter((path) => sinks.test(read(path)))).toEqual([]);
  });

  test("the browser's storage holds only what a person chose", () => {
    const keepers = files.filter((path) => /\b(?:local|session)Storage\b|document\.cookie|indexedDB/.test(read(path)));
    expect(keepers.toSorted()).toEqual(["app/sign-in/use-session.ts", "app/theme.ts", "i18n/languages.ts"]);
  });

  test(`no file is longer than ${MAX_LINES} lines, and no folder holds more than ${MAX_FILES_PER_FOLDER} files`, () => {
    expect(files.filter((path) => read(path).split("\n").length > MAX_LINES + 1)).toEqual([]);
    const folders = Map.groupBy(files, dirname);
    expect([...folders].filter(([, own]) => own.length > MAX_FILES_PER_FOLDER).map(([folder]) => folder)).toEqual([]);
  });

  test("file names are in kebab-case and say something", () => {
    const odd = files.filter((path) => !/^[a-z0-9]+(?:[-.][a-z0-9]+)*\.tsx?$/.test(basename(path)));
    const vague = files.filter((path) => /(?:^|-)(?:utils?|helpers?|common|misc|managers?)\./.test(basename(path)));
    expect([odd, vague]).toEqual([[], []]);
  });

  test("exports have names", () => {
    expect(files.filter((path) => !path.endsWith(".d.ts") && /^export (?:\*|default\b)/m.test(read(path)))).toEqual([]);
  });

  test("all texts are in the files of texts", () => {
    // A word between tags, such as <p>Hello</p>, is a text that nobody translates.
    const bare = files
      .filter((path) => path.endsWith(".tsx"))
      .flatMap((path) =>
        [...read(path).matchAll(/>\s*([A-Z][a-z]+(?: [a-z]+)+)\s*</g)].map(([, text]) => `${path}: ${text}`),
      );
    expect(bare).toEqual([]);
  });
});
