import { type Browser, chromium } from "playwright-core";
import { findChromium } from "#testing/browser/find-chromium.ts";

/** Without a sandbox, because it refuses root. The other flags keep the browser from calling its maker. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts this machine's Chromium without a window. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("there is no Chromium on this machine");
  return chromium.launch({ executablePath, args: FLAGS });
}
