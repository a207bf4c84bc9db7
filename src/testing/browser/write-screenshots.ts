import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Dashboard, startDashboard } from "#testing/browser/dashboard-fixture.ts";
import { SCREENS, type Screen } from "#testing/browser/screens.ts";

/**
 * Makes the pictures of the guide. The arguments name screens; without any, all are made. `npm run screenshots` builds
 * the dashboard before.
 */
const FOLDER = join(import.meta.dir, "../../../docs/guide/images");
const VIEWPORTS = ["desktop", "phone"] as const;
const THEMES = ["light", "dark"] as const;
/** A picture above this size, in bytes, makes the guide slow to load. */
const MAX_SIZE = 150_000;

const names = process.argv.slice(2);
const pictured = SCREENS.filter(({ isPictured = true }) => isPictured);
const known = pictured.map(({ name }) => name);
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no screen ${unknown.join(", ")}. There are: ${known.join(", ")}\n`);
  process.exit(1);
}

mkdirSync(FOLDER, { recursive: true });
const dashboard = await startDashboard({ data: "rich" });
try {
  for (const screen of pictured) {
    if (names.length > 0 && !names.includes(screen.name)) continue;
    if (!(await takePictures(dashboard, screen))) process.exitCode = 1;
  }
} finally {
  await dashboard.stop();
}
process.exit();

/** Returns whether all pictures of a screen were made, and its pages had no problems. */
async function takePictures(dashboard: Dashboard, { name, path, as, isSignedIn, prepare }: Screen): Promise<boolean> {
  let isFine = true;
  const at = typeof path === "string" ? path : path(dashboard.rich);
  for (const viewport of VIEWPORTS) {
    for (const theme of THEMES) {
      const file = `${name}-${viewport}-${theme}.png`;
      const page = await dashboard.open(at, {
        ...{ viewport, theme },
        ...(as && { as }),
        ...(isSignedIn !== undefined && { isSignedIn }),
      });
      try {
        await prepare?.(page);
        await page.evaluate("document.fonts.ready");
        const size = await writePicture(file, await page.screenshot({ animations: "disabled", caret: "hide" }));
        page.expectNoProblems(...(isSignedIn === false ? [/401/] : []));
        process.stdout.write(`${file} ${Math.ceil(size / 1_000)} kB${size > MAX_SIZE ? ", which is TOO LARGE" : ""}\n`);
      } catch (thrown) {
        isFine = false;
        process.stderr.write(`${file} FAILED: ${thrown instanceof Error ? thrown.message : thrown}\n`);
      }
      await page.context().close();
    }
  }
  return isFine;
}

/** Screens have few colours, so a palette of them takes a third of the space. Returns the size. */
async function writePicture(file: string, screenshot: Uint8Array): Promise<number> {
  const picture = new Bun.Image(screenshot).png({ palette: true, compressionLevel: 9 });
  return Bun.write(join(FOLDER, file), await picture.bytes());
}
