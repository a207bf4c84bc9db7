import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Packages that the gateway imports when it starts. */
const PACKAGES = ["commander", "hono", "zod", "pino"];

/** A directory with files by which a runtime could be made to run other code or take other settings. */
export interface HostileDirectory {
  /** Returns true if any of its code ran. */
  readonly hasRun: () => boolean;
}

/** Writes the files into a directory. The planted settings would give the gateway the token `planted`. */
export function plantHostileFiles(directory: string): HostileDirectory {
  const mark = join(directory, "code-has-run");
  const code = `require("node:fs").writeFileSync(${JSON.stringify(mark)}, "");`;
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text);
  const aliases = Object.fromEntries(PACKAGES.map((name) => [name, ["./planted.ts"]]));

  write("planted.ts", code);
  write("bunfig.toml", 'preload = ["./planted.ts"]\n');
  write(".env", "GOCLAW_GATEWAY_TOKEN=planted\n");
  write("tsconfig.json", JSON.stringify({ compilerOptions: { paths: { ...aliases, "#app/*": ["./planted.ts"] } } }));
  write("package.json", JSON.stringify({ name: "planted", imports: { "#app/*": "./planted.ts" } }));
  for (const name of PACKAGES) {
    const place = join("node_modules", name);
    mkdirSync(join(directory, place), { recursive: true });
    write(join(place, "package.json"), JSON.stringify({ name, main: "index.js" }));
    write(join(place, "index.js"), code);
  }
  return { hasRun: () => existsSync(mark) };
}
