import { dirname } from "node:path";
import { baseEnvironment } from "#processes/base-environment.ts";
import type { ProcessSpec } from "#processes/process-runner.ts";
import { INNER_ID, SHOW_NAME_SERVERS, showMachine } from "#processes/sandbox/machine-view.ts";
import type { ProcessKind, Sandbox, SandboxLimits } from "#processes/sandbox/sandbox.ts";

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
 * Gives the workspace to the command's user, and then runs the other arguments. Nothing else can be written here, so a
 * link in the workspace leads nowhere. Files that another command deletes meanwhile are no failure.
 */
const HAND_OVER = `find "$1" -xdev ! -uid ${OUTER_ID} -exec chown -h ${OUTER_ID}:${OUTER_ID} {} + 2>/dev/null; shift; exec "$@"`;

/** Creates a sandbox from bubblewrap. Whether it works on this machine is for `findSandbox` to try. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const { programs, isRoot } = options;
  const machine = [...SEPARATION, ...showMachine(options.identityFiles), ...privateDirectories(options)];
  return {
    launch: (spec, kind) => {
      const view = [...machine, ...networkOf(spec), ...showDirectories(spec, options.readOnly), ...READ_ONLY_REST];
      const inside = ["--chdir", spec.directory, "--", ...toLimits(options, kind), ...spec.argv];
      return {
        argv: isRoot
          ? [programs.bwrap, ...view, ...handOver(programs, spec.writable), programs.bwrap, ...IN_SAME_VIEW, ...inside]
          : [programs.bwrap, ...OWN_USER, ...view, ...inside],
        directory: "/",
        environment: { ...baseEnvironment(spec.writable), ...spec.environment },
      };
    },
  };
}

const READ_ONLY_REST = ["--remount-ro", "/dev", "--remount-ro", "/"];

const IN_SAME_VIEW = [...OWN_USER, "--dev-bind", "/", "/"];

const handOver = ({ setpriv }: SandboxPrograms, writable: string): readonly string[] => [
  ...["--cap-drop", "ALL", ...HANDOVER_RIGHTS],
  ...["--", "/bin/sh", "-c", HAND_OVER, "sh", writable],
  ...[setpriv, "--reuid", OUTER_ID, "--regid", OUTER_ID, "--clear-groups"],
  ...["--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--"],
];

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

/**
 * A directory comes after those that contain it, so that it is not covered. Its parents are made first, because
 * bubblewrap would close them to the command's user if the directory itself is closed to others.
 */
function showDirectories({ writable, readOnly = [] }: ProcessSpec, always: readonly string[]): readonly string[] {
  return [
    { path: writable, option: "--bind" },
    ...[...always, ...readOnly].map((path) => ({ path, option: "--ro-bind" })),
  ]
    .sort((one, other) => one.path.length - other.path.length)
    .flatMap(({ path, option }) => ["--dir", dirname(path), option, path, path]);
}

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
