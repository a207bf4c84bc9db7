import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { configTemplate } from "#app/config/config-template.ts";
import type { Environment } from "#app/config/read-environment.ts";
import { isEncryptionKey } from "#app/config/schema.ts";
import { StartError } from "#app/start-error.ts";
import { replaceFile, writeNewFile } from "#app/write-file.ts";
import { isUuid, newId, randomHex } from "#base/ids.ts";
import { Secret } from "#base/secret.ts";
import { codeOf } from "#db/errors.ts";

/** The directory in which a gateway keeps everything that is not in another database. */
export interface Home {
  readonly path: string;
  readonly configFile: string;
  readonly tokenFile: string;
  readonly workspace: string;
  readonly media: string;
  readonly cache: string;
  readonly skills: string;
  /** Tells this gateway from others that share its database. */
  readonly nodeId: string;
  /** The token of `secrets/`; the configuration may hold another, which wins. */
  readonly token: Secret;
  /** The key of `secrets/`; the configuration may hold others, which win. */
  readonly encryptionKey: Secret;
  /** True when no gateway used this directory before. */
  readonly isNew: boolean;
  readonly tokenIsNew: boolean;
}

const SECRET_BYTES = 32;
const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;
const OPEN_TO_OTHERS = 0o077;

/** Where the home is: `GOCLAW_HOME`, else `.goclaw` in the user's own directory. */
export function homePath(env: Environment): string {
  const given = env.GOCLAW_HOME?.trim();
  const user = env.HOME || homedir();
  if (!given) return join(user, ".goclaw");
  return given === "~" || given.startsWith("~/") ? join(user, given.slice(2)) : resolve(given);
}

/** Whether a gateway has used the home before. Looks, and makes nothing. */
export const hasHome = (env: Environment): boolean => existsSync(nodeFileOf(homePath(env)));

/** Opens the home and makes what it lacks. Throws `StartError` where that is not possible. */
export function openHome(env: Environment): Home {
  const path = homePath(env);
  try {
    return prepareHome(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw homeUnusable(path, error);
  }
}

/** The refusal of a home that the system lets us not use, with the system's code. */
export const homeUnusable = (path: string, cause: unknown): StartError =>
  new StartError(
    `The home directory ${path} cannot be used (${codeOf(cause)}): make it a directory that this user may write to, or set GOCLAW_HOME to another.`,
    { cause },
  );

/** Makes another gateway token. A running gateway knows it after its next start. */
export function renewToken(home: Home): Secret {
  const token = newToken();
  replaceFile(home.tokenFile, `${token}\n`);
  return new Secret(token);
}

function prepareHome(path: string): Home {
  claimDirectory(path);
  const secrets = join(path, "secrets");
  const files = { token: join(secrets, "gateway-token"), key: join(secrets, "encryption-key") };
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

  const configFile = join(path, "config.json");
  writeNewFile(configFile, configTemplate());
  writeNewFile(files.key, `${randomHex(SECRET_BYTES)}\n`);
  const tokenIsNew = writeNewFile(files.token, `${newToken()}\n`);
  // Last, so that a first start cut short is still a first start the next time.
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

const nodeFileOf = (path: string): string => join(path, "node-id");

const newToken = () => randomHex(SECRET_BYTES);

/** A directory that is new or empty is ours alone; one already in use keeps the mode it was given. */
function claimDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: PRIVATE_DIRECTORY });
  if (readdirSync(path).length > 0) return;
  try {
    closeToOthers(path, PRIVATE_DIRECTORY);
  } catch (error) {
    // A volume that belongs to somebody else, but that we may write to.
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
