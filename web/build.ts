import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { BunPlugin } from "bun";
import tailwind from "bun-plugin-tailwind";

/**
 * Builds the dashboard: hashed files, each also compressed, and `dashboard-files.ts`, which names them for the gateway.
 * The first argument is the folder for them.
 */
const TARGET = resolve(process.argv[2] ?? join(import.meta.dirname, "../dist/web"));
const ASSETS = join(TARGET, "assets");

/** Files below this size, in bytes, gain nothing by compression. */
const SMALL = 1_024;
const COMPRESSIBLE = /\.(?:html|js|css|svg|json)$/;
/** Nearly as small as the best, which takes ten times as long. */
const BROTLI_QUALITY = 9;

/** Keeps fonts as files of their own. The bundler would write them into the style sheet. */
const fonts: BunPlugin = {
  name: "fonts",
  setup(build) {
    build.onResolve({ filter: /\.woff2$/ }, ({ path, importer }) => {
      const content = readFileSync(resolve(importer, "..", path));
      const name = `${basename(path, ".woff2")}-${Bun.hash(content).toString(36)}.woff2`;
      writeFileSync(join(ASSETS, name), content);
      return { path: `/assets/${name}`, external: true };
    });
  },
};

rmSync(TARGET, { recursive: true, force: true });
mkdirSync(ASSETS, { recursive: true });

await Bun.build({
  entrypoints: [join(import.meta.dirname, "src/index.html")],
  outdir: TARGET,
  minify: true,
  splitting: true,
  publicPath: "/",
  naming: { entry: "[name].[ext]", chunk: "assets/[name]-[hash].[ext]", asset: "assets/[name]-[hash].[ext]" },
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [fonts, tailwind],
});

const lines: string[] = [];
const imports: string[] = [];

function name(file: string): string {
  const variable = `file${imports.length}`;
  imports.push(`import ${variable} from "./${file}" with { type: "file" };`);
  return variable;
}

for (const file of ["index.html", ...readdirSync(ASSETS).map((asset) => `assets/${asset}`)].sort()) {
  const content = readFileSync(join(TARGET, file));
  const variants = [`identity: ${name(file)}`];
  if (COMPRESSIBLE.test(file) && file !== "index.html" && content.length >= SMALL) {
    writeFileSync(join(TARGET, `${file}.gz`), gzipSync(content, { level: 9 }));
    const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
    writeFileSync(join(TARGET, `${file}.br`), brotliCompressSync(content, { params }));
    variants.push(`gzip: ${name(`${file}.gz`)}`, `br: ${name(`${file}.br`)}`);
  }
  lines.push(`  "/${file}": { ${variants.join(", ")} },`);
}
writeFileSync(
  join(TARGET, "dashboard-files.ts"),
  `${imports.join("\n")}\n\nexport const DASHBOARD_FILES = {\n${lines.join("\n")}\n};\n`,
);
