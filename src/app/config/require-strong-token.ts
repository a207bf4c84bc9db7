import { EXIT_CONFIGURATION, StartError } from "#app/start-error.ts";
import { isLoopback } from "#base/is-loopback.ts";
import type { Secret } from "#base/secret.ts";

const MIN_LENGTH = 16;
const MIN_DISTINCT = 8;
/** How many characters have to be left without common words and runs such as `1234`. */
const MIN_UNGUESSED = 8;

const COMMON_WORDS =
  /password|passwort|passwd|passphrase|secret|token|gateway|goclaw|change|admin|administrator|root|default|example|sample|letmein|welcome|qwerty|asdf|test|demo|master|user|login|super|bearer|access|prod|local|host|server|please|this|your|long|very|strong|random|character|least/gi;

/**
 * Throws `StartError` if other machines can reach the gateway and its token is easy to guess. The token gives full
 * rights in every tenant.
 */
export function requireStrongToken(token: Secret, host: string): void {
  if (isLoopback(host)) return;
  const weakness = findWeakness(token.reveal());
  if (weakness === undefined) return;
  throw new StartError(
    `The gateway token ${weakness}, and with it others could take over the gateway at ${host}: leave out gateway.token (GOCLAW_GATEWAY_TOKEN) to use the random one of this home, or set the output of openssl rand -hex 32.`,
    { exitCode: EXIT_CONFIGURATION },
  );
}

/** Says why a token is easy to guess. Returns undefined if it is not. */
export function findWeakness(token: string): string | undefined {
  if (token.length < MIN_LENGTH) return `has fewer than ${MIN_LENGTH} characters`;
  const isRepeated = periodOf(token) < MIN_LENGTH && periodOf(token) <= token.length / 2;
  if (isRepeated || new Set(token.toLowerCase()).size < MIN_DISTINCT) return "repeats itself";
  const unguessed = withoutRuns(token.replaceAll(COMMON_WORDS, "")).replaceAll(/[^\p{L}\p{N}]/gu, "");
  if (unguessed.length < MIN_UNGUESSED) return "consists of common words and runs of characters";
  return undefined;
}

/** Returns the length of the shortest part whose repetition is the text. */
function periodOf(text: string): number {
  const period = (text + text).indexOf(text, 1);
  return period === -1 ? text.length : period;
}

/** Removes runs of at least 4 characters of which each follows or repeats the one before, such as `abcd`, `4321`. */
function withoutRuns(text: string): string {
  let kept = "";
  let run = "";
  let step = 0;
  for (const character of `${text}\0`) {
    const next = character.charCodeAt(0) - run.charCodeAt(run.length - 1);
    const continues = run.length > 0 && Math.abs(next) <= 1 && (run.length === 1 || next === step);
    if (continues) {
      run += character;
      step = next;
    } else {
      if (run.length < 4) kept += run;
      run = character;
    }
  }
  return kept;
}
