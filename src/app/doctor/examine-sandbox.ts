import { readFile } from "node:fs/promises";
import type { Config } from "#app/config/schema.ts";
import { ok, problem, warning } from "#app/doctor/finding.ts";
import type { Finding } from "#core/findings.ts";
import type { MissingSandbox, SandboxState } from "#processes/sandbox/sandbox.ts";

/** Says whether commands of agents can run in a sandbox here and, if not, what to install or to switch on. */
export async function examineSandbox(config: Config, state: SandboxState): Promise<Finding> {
  if (state.kind === "works") return ok("sandbox", "commands run in a sandbox");
  if (state.kind === "off") return ok("sandbox", "switched off by sandbox.mode");
  const effect = effectOf(config);
  const finding = config.sandbox.mode === "required" ? problem : warning;
  return finding("sandbox", `${causeOf(state)}: ${effect}`, await adviceFor(state));
}

function effectOf({ sandbox, tools }: Config): string {
  if (sandbox.mode === "required") return "no command runs";
  switch (tools.exec) {
    case "sandboxed":
      return "agents have no shell commands";
    case "master":
      return "commands have all rights of this user";
    case "off":
      return "other programs of agents have all rights of this user";
  }
}

type Cause = Exclude<MissingSandbox, { readonly kind: "off" }>;

function causeOf(state: Cause): string {
  switch (state.kind) {
    case "not-linux":
      return "there is a sandbox for Linux only";
    case "not-installed":
      return `the sandbox needs ${state.programs.join(", ")}`;
    case "refused":
      return `the sandbox does not start (${state.detail})`;
  }
}

async function adviceFor(state: Cause): Promise<string> {
  switch (state.kind) {
    case "not-linux":
      return "Run the gateway on Linux, or in a virtual machine with it.";
    case "not-installed":
      return "Install bubblewrap 0.8 or later and util-linux, for example with: apt-get install bubblewrap util-linux";
    case "refused":
      return adviceForRefusal(state.detail);
  }
}

/** Settings of the kernel that forbid sandboxes, with the value that does. */
const SWITCHES = [
  {
    file: "/proc/sys/kernel/unprivileged_userns_clone",
    forbids: "0",
    advice: "sysctl kernel.unprivileged_userns_clone=1",
  },
  {
    file: "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
    forbids: "1",
    advice: "sysctl kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile with userns for bwrap",
  },
  { file: "/proc/sys/user/max_user_namespaces", forbids: "0", advice: "sysctl user.max_user_namespaces=10000" },
];

async function adviceForRefusal(detail: string): Promise<string> {
  if (detail.includes("Unknown option")) return "Install bubblewrap 0.8 or later.";
  for (const { file, forbids, advice } of SWITCHES) {
    const value = await readFile(file, "utf8").catch(() => "");
    if (value.trim() === forbids) return `Allow user namespaces: ${advice}.`;
  }
  return "In a container, allow user namespaces and mounts: its seccomp profile and masked /proc forbid them.";
}
