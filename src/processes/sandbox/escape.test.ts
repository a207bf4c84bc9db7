import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newId, toTenantId } from "#base/ids.ts";
import { createSandboxSites } from "#testing/processes/process-fixture.ts";

const SECRET = "the gateway's secret";
const sites = await createSandboxSites();

describe.each([...sites])("a command in the sandbox %s", (_, site) => {
  const { home, workspace, run } = site;
  const token = join(home, "secrets", "gateway-token");
  const writePrivately = (path: string, content: string) => {
    writeFileSync(path, content, { mode: 0o600 });
    site.own(path);
  };
  const neighbour = site.newWorkspace();
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response(SECRET) });
  const bystander = Bun.spawn(["sleep", "3600"], { env: { SECRET } });

  beforeAll(() => {
    mkdirSync(join(home, "secrets"), { mode: 0o755 });
    for (const file of [token, join(home, "goclaw.db"), join(neighbour, "notes")]) {
      writeFileSync(file, SECRET, { mode: 0o666 });
    }
    symlinkSync(token, join(workspace, "link-to-token"));
    symlinkSync("/etc", join(workspace, "link-to-etc"));
    symlinkSync(`/proc/${process.pid}/root`, join(workspace, "link-to-root"));
  });
  afterAll(async () => {
    bystander.kill();
    await server.stop(true);
    site.remove();
  });

  test.each([
    [
      "the gateway's files",
      `cat ${token} ${home}/goclaw.db; ls ${home}/secrets; find / -name gateway-token -o -name goclaw.db`,
    ],
    ["them by climbing", "cat ../secrets/gateway-token ../../../../../..$PWD/../secrets/gateway-token"],
    ["another workspace", `cat ${neighbour}/notes; ls ${neighbour}`],
    ["files by links of its workspace", `cat link-to-token link-to-root${token} link-to-etc/shadow`],
    ["files by links that it makes", `ln -s ${token} l; cat l; ln ${token} h && cat h; rm -f l h`],
    [
      "files of other processes",
      `cat /proc/*/root${token} /proc/*/cwd/../secrets/gateway-token /proc/*/fd/* </dev/null`,
    ],
    [
      "environments",
      `cat /proc/${process.pid}/environ /proc/${bystander.pid}/environ; cat /proc/[0-9]*/environ | tr '\\0' '\\n' | grep SECRET`,
    ],
    [
      "users and keys of the machine",
      "cat /etc/shadow /etc/hostname /etc/machine-id /root/.ssh/id_* /home/*/.ssh/*; ls /root /home /run /var/run/docker.sock",
    ],
    [
      "the gateway's port",
      `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${server.port}; printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3; cat <&3'`,
    ],
    [
      "disks and memory",
      "cat /dev/mem /dev/kmem /dev/sda /dev/vda /dev/kmsg /proc/kcore | head -c 1000; ls /dev/sd* /dev/vd* /dev/fuse /dev/kvm",
    ],
  ])("does not read %s", async (_, command) => {
    const { stdout } = await run(command, { timeoutMs: 20_000 });
    expect(stdout.trim()).toBe("");
  });

  test.each([
    ["the root directory", "touch /x || mkdir /y"],
    ["programs", "touch /usr/x /bin/x || echo x > /usr/bin/ls"],
    ["settings", "touch /etc/x || echo x >> /etc/passwd || rm /etc/passwd"],
    ["devices", "touch /dev/x || mknod sda b 8 0 || mknod /dev/sda b 8 0"],
    ["another workspace", `echo x > ${neighbour}/notes || touch ${neighbour}/x`],
    [
      "the kernel",
      "echo x > /proc/sys/kernel/core_pattern || echo h > /proc/sysrq-trigger || echo 1 > /proc/sys/kernel/randomize_va_space",
    ],
    ["the terminal", "echo x > /dev/tty"],
    ["its name", "hostname other"],
    [
      "mounts",
      "mount -t tmpfs none . || mount --bind / . || mount -o remount,rw / || mount -o remount,rw /usr || umount /etc/passwd || umount -l /proc",
    ],
    [
      "its user",
      "unshare -U true || unshare -r true || unshare -m true || chroot . true || setpriv --reuid 0 true || nsenter -t 1 -m true",
    ],
    ["its limits", "ulimit -n 100000 || prlimit --pid $$ --nproc=unlimited --data=unlimited"],
  ])("does not change %s", async (_, command) => {
    expect((await run(command)).exitCode).not.toBe(0);
    expect(readFileSync(token, "utf8")).toBe(SECRET);
    expect(readFileSync(join(neighbour, "notes"), "utf8")).toBe(SECRET);
  });

  test("changes nothing in the gateway's home", async () => {
    await run(`touch ${home}/x; mkdir ${home}/secrets; echo x > ${token}; rm -r ${home}`);
    expect(
      readdirSync(home)
        .filter((name) => !name.startsWith("workspace-"))
        .sort(),
    ).toEqual(["goclaw.db", "sandbox", "secrets"]);
    expect(readFileSync(token, "utf8")).toBe(SECRET);
  });

  test("does not kill anybody outside", async () => {
    await run(`kill -9 ${bystander.pid} ${process.pid} ${process.ppid}; kill -9 -1`);
    expect(bystander.killed).toBe(false);
    expect(process.kill(bystander.pid, 0)).toBe(true);
  });

  test("has no rights, and gets none from programs of its own", async () => {
    const { stdout } = await run("cat /proc/self/status");
    expect(stdout).toMatch(/CapPrm:\t0+\nCapEff:\t0+\nCapBnd:\t0+\nCapAmb:\t0+\nNoNewPrivs:\t1\n/);
    const copied = await run("cp /bin/sh own-sh; chmod 4755 own-sh; ./own-sh -p -c 'id -u'; sudo -n true; su -c true");
    expect(copied.stdout).toBe("1000\n");
  });

  test("sees its own processes only", async () => {
    const { stdout } = await run("ls /proc | grep -c '^[0-9]'");
    expect(Number(stdout)).toBeLessThan(10);
  });

  test("does nothing outside by files that it leaves behind", async () => {
    await run(`rm -rf link-to-etc; ln -s ${join(home, "secrets")} later; ln -s / root`);
    const { stdout } = await run("cat later/gateway-token; ls root/root; echo done");
    expect(stdout.trim()).toBe("done");
    expect(existsSync(token)).toBe(true);
  });

  test("leaves files that the gateway can read, and works with files that the gateway left", async () => {
    writePrivately(join(workspace, "from-gateway"), "hello");
    expect((await run("cat from-gateway; echo more >> from-gateway; mkdir d; echo new > d/new")).stderr).toBe("");
    expect(readFileSync(join(workspace, "from-gateway"), "utf8")).toBe("hellomore\n");
    expect(readFileSync(join(workspace, "d", "new"), "utf8")).toBe("new\n");
  });

  test("reads more directories where it is told, and does not write there", async () => {
    const skills = join(home, "skills");
    mkdirSync(join(skills, "one"), { recursive: true, mode: 0o700 });
    for (const path of [skills, join(skills, "one")]) site.own(path);
    writePrivately(join(skills, "one", "SKILL.md"), "a skill");
    const { stdout } = await run(
      `cat ${skills}/one/SKILL.md; touch ${skills}/x ${skills}/one/x; rm ${skills}/one/SKILL.md; chmod 777 ${skills}`,
      { readOnly: [skills] },
    );
    expect(stdout).toBe("a skill");
    expect(readdirSync(skills)).toEqual(["one"]);
    expect(readdirSync(join(skills, "one"))).toEqual(["SKILL.md"]);
    expect((await run(`cat ${skills}/one/SKILL.md`)).stdout).toBe("");
  });

  test("has its directory and more directories, however they lie in each other", async () => {
    writePrivately(join(workspace, "own"), "own");
    const around = await run("cat own; touch made && touch ../x", { readOnly: [home] });
    expect([around.stdout, around.exitCode]).toEqual(["own", 1]);
    await run("mkdir fixed; touch fixed/file");
    const within = await run("touch made; touch fixed/x", { readOnly: [join(workspace, "fixed")] });
    expect(within.exitCode).toBe(1);
    expect(existsSync(join(workspace, "fixed", "x"))).toBe(false);
  });

  test("starts in a link only where the link leads inside", async () => {
    await run(`ln -s ${join(home, "secrets")} to-secrets; ln -s / to-root`);
    expect((await run("cat gateway-token", { directory: join(workspace, "to-secrets") })).stdout).toBe("");
    expect((await run("ls root", { directory: join(workspace, "to-root") })).stdout).toBe("");
  });

  test("reaches the network only where it may", async () => {
    const ask = `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${server.port}; printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3; cat <&3'`;
    expect((await run(ask, { hasNetwork: true })).stdout).toContain(SECRET);
    expect((await run("cat /etc/resolv.conf; ls /etc/ssl/certs | head -1", { hasNetwork: true })).stderr).toBe("");
    const stranger = await run(ask, { hasNetwork: true, tenantId: toTenantId(newId()) });
    expect(stranger.stdout).toBe("");
  });
});
