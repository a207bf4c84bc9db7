import { VERSION } from "#app/version.ts";

export function runVersion(): void {
  process.stdout.write(`goclaw ${VERSION}\n`);
}
