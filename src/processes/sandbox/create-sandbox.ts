import { dirname } from "node:path";
import { baseEnvironment } from "#processes/base-environment.ts";
import type { ProcessSpec } from "#processes/process-runner.ts";
import { markTree } from "#processes/process-tree.ts";
import { INNER_ID, SHOW_NAME_SERVERS, showMachine } from "#processes/sandbox/machine-view.ts";
import type { ProcessKind, Sandbox, SandboxLimits } from "#processes/sandbox/sandbox.ts";
import type { Launch } from "#processes/start-process.ts";

/** The programs that a sandbox is made of, by their absolute paths. */
export interface SandboxPrograms {
  readonly bwrap: string;
  readonly prlimit: string;
  readonly choom: string;
  readonly setpriv: string;
}

export interface SandboxOptions {
  readonly programs: SandboxPrograms;
  readonly limits: SandboxLimits;
  /** The directory of `writeIdentityFiles`. */
  readonly identityFiles: string;
  /** Existing directories that every command may read, beside those of the system. */
  readonly readOnly: readonly string[];
  /** Directories that commands never see, even below a directory of programs: the gateway's home. */
  readonly hidden: readonly string[];
  /** True if the gateway runs as root. Commands then get another user of this machine. */
  readonly isRoot: boolean;
}

const MIB = 1_024 ** 2;
const SHARED_MEMORY_MB = 64;

/** The user `nobody`, whom commands of a root gateway run as. It owns their workspaces. */
const OUTER_ID = "65534";

/** Everything but the network is always separate. bubblewrap itself rules out new privileges. */
const SEPARATION = [
  ...["--die-with-parent", "--new-session", "--hostname", "sandbox"],
  ...["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
];

const OWN_USER = [
  ...["--die-with-parent", "--unshare-user", "--disable-userns", "--cap-drop", "ALL"],
  ...["--uid", String(INNER_ID), "--gid", String(INNER_ID)],
];

/** What root needs in order to hand over the workspace and become another user. The command has none of it. */
const HANDOVER_RIGHTS = ["SETUID", "SETGID", "SETPCAP", "CHOWN", "DAC_READ_SEARCH"].flatMap((name) => [
  "--cap-add",
  `CAP_${name}`,
]);

/**
 * Gives the workspace to the command's user, lets that user read the other directories, and runs the arguments after
 * `--`. Nothing else can be written here, so a link leads nowhere. A file that is deleted meanwhile is no failure.
 */
const HAND_OVER = [
  `find "$1" -xdev ! -uid ${OUTER_ID} -exec chown -h ${OUTER_ID}:${OUTER_ID} {} + 2>/dev/null`,
  "shift",
  'while [ "$1" != -- ]; do',
  '  find "$1" -xdev ! -type l ! -perm -o=r -exec chmod o+rX {} + 2>/dev/null',
  "  shift",
  "done",
  "shift",
  'exec "$@"',
].join("\n");

/** Creates a sandbox from bubblewrap. Whether it works on this machine is for `findSandbox` to try. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const machine = [...SEPARATION, ...showMachine(options.identityFiles), ...privateDirectories(options)];
  const always = options.readOnly.map((path) => ({ path, isWritable: false }));
  const launch = options.isRoot ? launchAsRoot : launchAsUser;
  return {
    launch: (spec, kind) => ({
      argv: launch(spec, options, {
        machine: [...machine, ...networkOf(spec)],
        always,
        inside: ["--chdir", spec.directory, "--", ...toLimits(options, kind), ...spec.argv],
      }),
      directory: "/",
      ...markTree({ ...baseEnvironment(spec.writable), ...spec.environment }),
      memoryBytes: options.limits.memoryMb * MIB,
    }),
  };
}

interface SandboxParts {
  /** What every command sees. */
  readonly machine: readonly string[];
  /** The directories that the operator shows to every command. */
  readonly always: readonly ShownDirectory[];
  /** What runs at the end. */
  readonly inside: readonly string[];
}

const launchAsUser = (
  spec: ProcessSpec,
  { programs }: SandboxOptions,
  { machine, always, inside }: SandboxParts,
): Launch["argv"] => [
  programs.bwrap,
  ...[...OWN_USER, ...machine, ...show([...always, ...directoriesOf(spec)]), ...READ_ONLY_REST],
  ...inside,
];

/** Builds the view of the files as root. Then another user starts the sandbox in it, as every other gateway does. */
const launchAsRoot = (
  spec: ProcessSpec,
  { programs }: SandboxOptions,
  { machine, always, inside }: SandboxParts,
): Launch["argv"] => {
  const directories = directoriesOf(spec);
  const toHandOver = directories.map(({ path }) => ({ path, isWritable: true }));
  return [
    programs.bwrap,
    ...[...machine, ...show([...always, ...toHandOver]), ...READ_ONLY_REST],
    ...["--cap-drop", "ALL", ...HANDOVER_RIGHTS],
    ...["--", "/bin/sh", "-c", HAND_OVER, "sh", spec.writable, ...(spec.readOnly ?? []), "--"],
    ...[programs.setpriv, "--reuid", OUTER_ID, "--regid", OUTER_ID, "--clear-groups"],
    ...["--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--"],
    ...[programs.bwrap, ...OWN_USER, "--dev-bind", "/", "/", ...show(directories)],
    ...inside,
  ];
};

const READ_ONLY_REST = ["--remount-ro", "/dev", "--remount-ro", "/"];

/** Memory-backed directories have a size, because otherwise they take half of this machine's memory. */
function privateDirectories({ limits, hidden }: SandboxOptions): readonly string[] {
  const sized = (path: string, mb: number) => ["--perms", "1777", "--size", String(mb * MIB), "--tmpfs", path];
  return [
    ...["--proc", "/proc", "--dev", "/dev"],
    ...sized("/tmp", limits.memoryMb),
    ...sized("/dev/shm", SHARED_MEMORY_MB),
    ...["--dir", "/var", "--symlink", "/tmp", "/var/tmp"],
    ...hidden.flatMap((path) => ["--tmpfs", path]),
  ];
}

const networkOf = ({ hasNetwork }: ProcessSpec): readonly string[] =>
  hasNetwork ? SHOW_NAME_SERVERS : ["--unshare-net"];

interface ShownDirectory {
  readonly path: string;
  readonly isWritable: boolean;
}

const directoriesOf = ({ writable, readOnly = [] }: ProcessSpec): readonly ShownDirectory[] => [
  { path: writable, isWritable: true },
  ...readOnly.map((path) => ({ path, isWritable: false })),
];

/**
 * A directory comes after those that contain it, so that it is not covered. Its parents are made first, because
 * bubblewrap would close them to the command's user if the directory itself is closed to others.
 */
const show = (directories: readonly ShownDirectory[]): readonly string[] =>
  directories
    .toSorted((one, other) => one.path.length - other.path.length)
    .flatMap(({ path, isWritable }) => ["--dir", dirname(path), isWritable ? "--bind" : "--ro-bind", path, path]);

/** When memory runs out, the system ends commands before it ends the gateway. */
const ENDED_FIRST = "1000";

const toLimits = ({ programs, limits }: SandboxOptions, kind: ProcessKind): readonly string[] => [
  ...[programs.choom, "-n", ENDED_FIRST, "--", programs.prlimit],
  // Runtimes reserve address space that they never use, so only memory that can be written counts.
  `--data=${limits.memoryMb * MIB}`,
  `--nproc=${limits.maxProcesses}`,
  `--nofile=${limits.maxOpenFiles}`,
  `--fsize=${limits.maxFileMb * MIB}`,
  "--core=0",
  ...(kind === "command" ? [`--cpu=${limits.cpuSeconds}`] : []),
  "--",
];
