import { chmodSync, existsSync, lstatSync, mkdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Directories of programs and libraries. On many systems all but the first are links into `/usr`. */
const PROGRAM_DIRECTORIES = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store"];

/** What programs need of `/etc`: the linker, alternatives, certificates, the time zone and kinds of files. */
const SETTINGS = [
  "/etc/ld.so.cache",
  "/etc/ld.so.conf",
  "/etc/ld.so.conf.d",
  "/etc/alternatives",
  "/etc/ssl",
  "/etc/pki",
  "/etc/ca-certificates",
  "/etc/ca-certificates.conf",
  "/etc/crypto-policies",
  "/etc/localtime",
  "/etc/timezone",
  "/etc/mime.types",
];

/** The user and group of commands inside a sandbox. */
export const INNER_ID = 1_000;

const IDENTITY_FILES = {
  passwd: `agent:x:${INNER_ID}:${INNER_ID}::/:/bin/sh\nnobody:x:65534:65534::/:/usr/sbin/nologin\n`,
  group: `agent:x:${INNER_ID}:\nnogroup:x:65534:\n`,
  hosts: "127.0.0.1 localhost sandbox\n::1 localhost\n",
  "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
};

/** Writes the files of `/etc` that replace this machine's own, so that commands do not learn its users and hosts. */
export function writeIdentityFiles(directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (const [name, content] of Object.entries(IDENTITY_FILES)) {
    writeFileSync(join(directory, name), content);
    // The user of the commands reads them, whatever files of the gateway are by default.
    chmodSync(join(directory, name), 0o644);
  }
}

/** Returns bubblewrap's options that show programs, libraries and a few settings, all of them read-only. */
export function showMachine(identityFiles: string): readonly string[] {
  return [
    ...PROGRAM_DIRECTORIES.filter((path) => existsSync(path)).flatMap(showDirectory),
    ...["--dir", "/etc"],
    ...SETTINGS.filter((path) => existsSync(path)).flatMap((path) => ["--ro-bind", path, path]),
    ...Object.keys(IDENTITY_FILES).flatMap((name) => ["--ro-bind", join(identityFiles, name), `/etc/${name}`]),
  ];
}

/** With the network, a command also needs the servers that resolve names. */
export const SHOW_NAME_SERVERS = ["--ro-bind-try", "/etc/resolv.conf", "/etc/resolv.conf"];

const showDirectory = (path: string): readonly string[] =>
  lstatSync(path).isSymbolicLink() ? ["--symlink", readlinkSync(path), path] : ["--ro-bind", path, path];
