import { invalidField } from "#base/errors.ts";

/** Where commands find programs, wherever the gateway finds its own. */
export const SAFE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The environment of every command, instead of the gateway's own. */
export const baseEnvironment = (home: string): Readonly<Record<string, string>> => ({
  PATH: SAFE_PATH,
  HOME: home,
  LANG: "C.UTF-8",
  TERM: "dumb",
});

/** Variables by which a program loads code, starts another program, or finds programs elsewhere. */
const UNSAFE_NAMES = new Set(
  [
    "PATH IFS ENV BASH_ENV SHELLOPTS BASHOPTS PS4 PROMPT_COMMAND CDPATH",
    "NODE_OPTIONS PYTHONSTARTUP PYTHONHOME PYTHONINSPECT PYTHONBREAKPOINT PERL5OPT PERL5DB RUBYOPT",
    "JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS",
    "GIT_SSH GIT_SSH_COMMAND GIT_ASKPASS SSH_ASKPASS GIT_EXTERNAL_DIFF GIT_PROXY_COMMAND GIT_EXEC_PATH",
    "GIT_PAGER GIT_EDITOR PAGER EDITOR VISUAL LESSOPEN LESSCLOSE",
    // The C library ignores these in privileged programs, for the same reason.
    "GCONV_PATH GETCONF_DIR GLIBC_TUNABLES HOSTALIASES LOCALDOMAIN LOCPATH NLSPATH NIS_PATH RES_OPTIONS",
    "RESOLV_HOST_CONF TMPDIR TZDIR",
  ].flatMap((line) => line.split(" ")),
);
const UNSAFE_PREFIXES = ["LD_", "DYLD_", "BASH_FUNC_", "MALLOC_", "GIT_CONFIG"];

/**
 * Throws INVALID_REQUEST for a variable that would change which code a command runs, or that no environment can hold.
 * Call it before such variables are stored. The error names the variable below `field`.
 */
export function requireSafeEnvironment(environment: Readonly<Record<string, string>>, field = "environment"): void {
  for (const [name, value] of Object.entries(environment)) {
    const detail = findFault(name, value);
    if (detail !== undefined) throw invalidField(`${field}.${name.slice(0, 100)}`, detail);
  }
}

function findFault(name: string, value: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return "not a name of an environment variable";
  if (value.includes("\0")) return "it has a null character";
  const upper = name.toUpperCase();
  const isUnsafe = UNSAFE_NAMES.has(upper) || UNSAFE_PREFIXES.some((prefix) => upper.startsWith(prefix));
  return isUnsafe ? "it would change which code the command runs" : undefined;
}
