/**
 * Kinds of commands that an agent may not run. This is a safeguard and not a security boundary, because a shell has
 * more spellings than any list. Hard limits belong to the operating system's user, container or sandbox.
 */

/**
 * The places where a command's name may be: at the beginning, after a separator, or after a word that runs another
 * command. A line break always starts a new match, so a long run of line breaks is scanned only once.
 */
const START = String.raw`(?:^|[;&|(){}\n\x60]|\$\()[^\S\n]*(?:(?:xargs|exec|command|builtin|nohup|time|env|nice|then|do|else|!)\s+(?:-\S+\s+)*)*(?:[A-Za-z_]\w*=\S*\s+)*`;
const END = String.raw`(?=$|[\s;&|<>(){}\x60])`;

/** Returns a pattern for a command with one of these names, with or without its directory. */
const named = (names: string, rest = ""): RegExp => new RegExp(`${START}(?:[\\w.~-]*/)*(?:${names})${END}${rest}`, "i");

/** The arguments of one simple command. */
const ARGUMENTS = String.raw`[^;&|\n]*`;
const SHELL = "(?:ba|z|da|k|fi)?sh";

export const DENY_GROUPS = {
  destructive_ops: [
    named("rm", String.raw`${ARGUMENTS}\s(?:-[a-z]*[rf]|--recursive|--force)`),
    named(String.raw`mkfs(?:\.\w+)?|wipefs|shred|shutdown|reboot|halt|poweroff`),
    named("dd", String.raw`${ARGUMENTS}\s(?:if|of)=`),
    named("find", String.raw`${ARGUMENTS}\s(?:-delete|-exec(?:dir)?\s+(?:\S*/)?rm)(?=\s|$)`),
    /:\s*\(\s*\)\s*\{[^}]*:\s*\|\s*:/,
    />\s*\/dev\/(?:sd|nvme|hd|vd|mem)/i,
  ],
  data_exfiltration: [
    new RegExp(
      String.raw`\b(?:curl|wget)\b[^;&\n]*\|\s*(?:sudo\s+)?(?:\S*/)?(?:${SHELL}|python\d?|perl|node|ruby)${END}`,
      "i",
    ),
    named(
      "curl",
      String.raw`${ARGUMENTS}\s(?:-T|-F|-d|--upload-file|--form|--data\S*|--json|(?:-X\s*|--request[= ])(?:POST|PUT|PATCH|DELETE))`,
    ),
    named("wget", String.raw`${ARGUMENTS}\s--(?:post-data|post-file|body-data|body-file|method[= ](?:POST|PUT|PATCH))`),
    named("nslookup|dig|host|scp|sftp|rsync|ftp"),
    named("curl|wget", String.raw`${ARGUMENTS}(?:localhost|127\.\d|0\.0\.0\.0|\[::|169\.254\.|metadata\.)`),
  ],
  reverse_shell: [
    named("nc|ncat|netcat|socat|telnet|mkfifo|mknod"),
    /\/dev\/(?:tcp|udp)\//i,
    named(`${SHELL}`, String.raw`${ARGUMENTS}\s-[a-z]*i(?=\s|$)`),
    named(
      String.raw`python[\d.]*|perl|ruby|php|node`,
      String.raw`(?=[^\n]*socket)${ARGUMENTS}\s-\w*[cer]\b[^\n]*socket`,
    ),
  ],
  code_injection: [
    named("eval"),
    new RegExp(
      String.raw`\b(?:base64|base32|xxd|openssl)\b[^;&\n]*\|\s*(?:\S*/)?(?:${SHELL}|python[\d.]*|perl|node|ruby)${END}`,
      "i",
    ),
    new RegExp(String.raw`(?:${START}(?:source|\.|${SHELL}))\s+<\(`, "i"),
  ],
  privilege_escalation: [
    named("sudo|su|doas|pkexec|mount|umount|nsenter|unshare|chroot|setcap|visudo|useradd|usermod|passwd"),
    named("chmod", String.raw`${ARGUMENTS}\s(?:[ug]*\+[rwx]*s|[2467]\d{3})`),
    named("chown", String.raw`${ARGUMENTS}\sroot\b`),
  ],
  dangerous_paths: [
    named("chmod", String.raw`${ARGUMENTS}\s(?:0?777|a\+rwx)\s+/`),
    named("chmod", String.raw`${ARGUMENTS}\+x\s+/(?:var/)?tmp`),
    />\s*\/(?:etc|boot|bin|sbin|lib|usr|root|sys|proc)\//i,
    named("cp|mv|ln|install|tee", String.raw`${ARGUMENTS}\s/(?:etc|boot|bin|sbin|lib|usr|root)/`),
  ],
  env_injection: [
    /\b(?:LD_PRELOAD|LD_LIBRARY_PATH|LD_AUDIT|DYLD_\w+|BASH_ENV|PROMPT_COMMAND|PYTHONSTARTUP|PERL5OPT|RUBYOPT|NODE_OPTIONS|GIT_SSH_COMMAND)=/,
  ],
  container_escape: [
    /docker\.sock|containerd\.sock|\/proc\/(?:sys|1|kcore)\b|\/sys\/fs\/cgroup|release_agent|core_pattern/i,
    named("docker|podman", String.raw`${ARGUMENTS}\s--(?:privileged|pid[= ]host|net(?:work)?[= ]host|cap-add)`),
  ],
  crypto_mining: [
    named("xmrig|minerd|cpuminer|cgminer|ethminer|bfgminer|t-rex|nbminer"),
    /stratum\+(?:tcp|ssl|udp):\/\//i,
  ],
  filter_bypass: [
    named("sed", String.raw`${ARGUMENTS}['"\s;](?:\d*|\$)e(?:\s+\w|['"]?(?:\s|$))`),
    named(
      "sed",
      String.raw`${ARGUMENTS}s([^\w\u0080-\uFFFF])(?:(?!\1)[^\\\n]|\\.)*\1(?:(?!\1)[^\\\n]|\\.)*\1[gipmI\d]*e`,
    ),
    named("sort", String.raw`${ARGUMENTS}\s--compress-prog`),
    named(
      "git",
      String.raw`${ARGUMENTS}\s(?:--upload-pack|--receive-pack|--exec|-c\s+(?:core|alias|protocol|diff|filter)\.)`,
    ),
    named("tar", String.raw`${ARGUMENTS}\s(?:--checkpoint-action|--to-command|--use-compress-program|-I)`),
    named("(?:g|m|n)?awk", String.raw`[^\n]*\bsystem\s*\(`),
    named("ssh", `${ARGUMENTS}ProxyCommand`),
    /\$\{?IFS\b|\$'[^']*\\[xu0-7]/,
  ],
  network_recon: [named("nmap|masscan|zmap|arp-scan|tcpdump|tshark|traceroute|netdiscover|nikto|hydra")],
  package_install: [
    named("apt|apt-get|aptitude|yum|dnf|zypper|brew|snap|port", String.raw`${ARGUMENTS}\sinstall${END}`),
    named("apk|yarn|pnpm|bun|deno", String.raw`${ARGUMENTS}\sadd${END}`),
    named(String.raw`pip[\d.]*|pipx|uv|gem|cargo|go|conda|npm|pnpm|bun`, String.raw`${ARGUMENTS}\s(?:install|i)${END}`),
    named(String.raw`python[\d.]*`, String.raw`${ARGUMENTS}\s-m\s+pip\s+install`),
  ],
  persistence: [
    named("crontab|at|batch|launchctl|systemd-run"),
    named("systemctl", String.raw`${ARGUMENTS}\s(?:enable|link|edit)${END}`),
    /authorized_keys|\/etc\/cron|\/etc\/rc\.local|\/etc\/systemd|\.config\/autostart/i,
    />\s*\S*\.(?:bashrc|bash_profile|profile|zshrc|zprofile|bash_login)\b/i,
  ],
  process_control: [named("kill|killall|pkill|renice|xkill|disown|setsid")],
  env_dump: [
    new RegExp(String.raw`${START}(?:\S*/)?(?:env|set|export(?:\s+-p)?|declare(?:\s+-\w+)?)\s*(?=$|[;&|<>)])`, "i"),
    named("printenv|compgen"),
    /\/proc\/[^\s/]+\/environ/i,
  ],
} as const satisfies Readonly<Record<string, readonly RegExp[]>>;

export type DenyGroup = keyof typeof DENY_GROUPS;

/** Switches groups on and off. `false` disables a group. Unknown names are ignored. */
export type DenyToggles = Readonly<Record<string, boolean>>;

/**
 * Returns the first group that refuses a command, or undefined. The command is normalised first: compatibility forms of
 * letters and invisible characters are undone, and quotes inside words are removed.
 */
export function findDenied(command: string, toggles: DenyToggles): DenyGroup | undefined {
  const plain = command
    .normalize("NFKC")
    .replaceAll(/\p{Cf}/gu, "")
    .replaceAll(/\\\r?\n/g, " ");
  const spellings = [plain, plain.replaceAll(/['"\\]/g, "")];
  return GROUP_NAMES.find((name) => {
    if (toggles[name] === false) return false;
    return DENY_GROUPS[name].some((pattern) => spellings.some((spelling) => pattern.test(spelling)));
  });
}

// The cast is safe, because the object literal above has exactly these keys.
const GROUP_NAMES = Object.keys(DENY_GROUPS) as readonly DenyGroup[];
