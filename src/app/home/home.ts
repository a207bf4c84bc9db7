import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { configTemplate } from "#app/config/config-template.ts";
import type { Environment } from "#app/config/read-environment.ts";
import { isEncryptionKey } from "#app/config/schema.ts";
import { configFileOf, homePath, secretsOf, tokenFileOf } from "#app/home/home-path.ts";
import { StartError } from "#app/start-error.ts";
import { replaceFile, writeNewFile } from "#base/files/write-file.ts";
import { isUuid, newId } from "#base/ids.ts";
import { randomHex } from "#base/random-hex.ts";
import { Secret } from "#base/secret.ts";
import { codeOf } from "#db/errors.ts";

/** The directory in which a gateway keeps everything except the data of an external database. */
export interface Home {
  readonly path: string;
  readonly configFile: string;
  readonly tokenFile: string;
  readonly workspace: string;
  readonly media: string;
  readonly cache: string;
  readonly skills: string;
  /** Distinguishes this gateway from others that share its database. */
  readonly nodeId: string;
  /** The token in `secrets/`. A configured token takes precedence. */
  readonly token: Secret;
  /** The key in `secrets/`. Configured keys take precedence. */
  readonly encryptionKey: Secret;
  /** True if no gateway has used this directory before. */
  readonly isNew: boolean;
  readonly tokenIsNew: boolean;
}

/** The name of the built-in database in a home and in a backup. */
export const DATABASE_FILE = "goclaw.db";

const SECRET_BYTES = 32;
const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;
const OPEN_TO_OTHERS = 0o077;

/** Returns whether a gateway has used the home before. Creates nothing. */
export const hasHome = (env: Environment): boolean => existsSync(nodeFileOf(homePath(env)));

/** Opens the home and creates what is missing. Throws `StartError` if that is not possible. */
export function openHome(env: Environment): Home {
  const path = homePath(env);
  try {
    return prepareHome(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw homeUnusable(path, error);
  }
}

/** Returns the error for a home that the system does not let us use. Its message has the system's code. */
export const homeUnusable = (path: string, cause: unknown): StartError =>
  new StartError(
    `The home directory ${path} cannot be used (${codeOf(cause)}): make it a directory that this user may write to, or set GOCLAW_HOME to another.`,
    { cause },
  );

/** Replaces the gateway token. A running gateway uses the new token after its next start. */
export function renewToken(home: Home): Secret {
  const token = newToken();
  replaceFile(home.tokenFile, `${token}\n`);
  return new Secret(token);
}

function prepareHome(path: string): Home {
  claimDirectory(path);
  const secrets = secretsOf(path);
  const files = { token: tokenFileOf(path), key: join(secrets, "encryption-key") };
  const nodeFile = nodeFileOf(path);
  const directories = {
    workspace: join(path, "workspace"),
    media: join(path, "media"),
    cache: join(path, "cache"),
    skills: join(path, "skills"),
  };
  for (const directory of [secrets, ...Object.values(directories)]) {
    mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
  }
  closeToOthers(secrets, PRIVATE_DIRECTORY);

  const configFile = configFileOf(path);
  writeNewFile(configFile, configTemplate());
  writeNewFile(files.key, `${randomHex(SECRET_BYTES)}\n`);
  const tokenIsNew = writeNewFile(files.token, `${newToken()}\n`);
  // This file is written last, so that the start after an interrupted first start counts as the first one.
  const isNew = writeNewFile(nodeFile, `${newId()}\n`);

  return {
    path,
    configFile,
    tokenFile: files.token,
    ...directories,
    nodeId: readChecked(nodeFile, isUuid, "delete it, and a new one is made"),
    token: readSecret(files.token, (text) => text !== "", "delete it, and a new one is made"),
    encryptionKey: readSecret(files.key, isEncryptionKey, "restore it from a backup, or stored secrets are lost"),
    isNew,
    tokenIsNew,
  };
}

/**
 * Returns a text that identifies the home while its machine runs. A copy has another one. Linux knows the machine's
 * current start; other systems have only a name.
 */
export function homeMark({ path }: Pick<Home, "path">): string {
  const { dev, ino } = statSync(path);
  return `${existsSync(BOOT_FILE) ? readFileSync(BOOT_FILE, "utf8").trim() : hostname()}:${dev}:${ino}`;
}

const BOOT_FILE = "/proc/sys/kernel/random/boot_id";

const nodeFileOf = (path: string): string => join(path, "node-id");

const newToken = () => randomHex(SECRET_BYTES);

/** Creates the directory. Makes a new or empty directory private. A directory in use keeps its mode. */
function claimDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: PRIVATE_DIRECTORY });
  if (readdirSync(path).length > 0) return;
  try {
    closeToOthers(path, PRIVATE_DIRECTORY);
  } catch (error) {
    // The directory may be a volume of another user that we may write to.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") throw error;
  }
}

function closeToOthers(path: string, mode: number): void {
  if ((statSync(path).mode & OPEN_TO_OTHERS) !== 0) chmodSync(path, mode);
}

function readSecret(path: string, isGood: (text: string) => boolean, advice: string): Secret {
  closeToOthers(path, PRIVATE_FILE);
  return new Secret(readChecked(path, isGood, advice));
}

function readChecked(path: string, isGood: (text: string) => boolean, advice: string): string {
  const text = readFileSync(path, "utf8").trim();
  if (!isGood(text)) throw new StartError(`${path} does not hold what it should: ${advice}.`);
  return text;
}
