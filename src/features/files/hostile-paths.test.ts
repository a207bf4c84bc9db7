import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { writeWorkspace } from "#features/files/files-fixture.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const SECRET = "the secret of the machine";

/** Puts a link where an upload may make a directory anew at any time. */
function replaceByLink(place: string, target: string): void {
  for (let isLink = false; !isLink; ) {
    rmSync(place, { recursive: true, force: true });
    try {
      symlinkSync(target, place);
      isLink = true;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw thrown;
    }
  }
}

describe("paths that lead out of a workspace", async () => {
  const gateway = await startTestGateway();
  const { call, home } = gateway;
  afterAll(gateway.stop);
  let root = "";
  beforeAll(() => {
    writeFileSync(join(home, "secret.txt"), SECRET);
    root = writeWorkspace(gateway, { "in/a.txt": "a" });
    mkdirSync(`${root}-evil`);
    writeFileSync(join(`${root}-evil`, "x.txt"), SECRET);
    symlinkSync(join(home, "secret.txt"), join(root, "link.txt"));
    symlinkSync(home, join(root, "out"));
    symlinkSync("link.txt", join(root, "chain.txt"));
    symlinkSync("/dev/zero", join(root, "zero"));
    linkSync(join(home, "secret.txt"), join(root, "hard.txt"));
    Bun.spawnSync(["mkfifo", join(root, "pipe")]);
  });

  test.each([
    "..%2f..%2fsecret.txt",
    "%2e%2e/%2e%2e/secret.txt",
    "in/%2e%2e%2f%2e%2e%2f%2e%2e%2fsecret.txt",
    "..%5c..%5csecret.txt",
    "....//....//secret.txt",
    "%252e%252e%252fsecret.txt",
    "%c0%ae%c0%ae/secret.txt",
    "/etc/passwd",
    "link.txt",
    "chain.txt",
    "out/secret.txt",
    "hard.txt",
    "zero",
    "pipe",
    "in",
    "a%00b",
    "%ff%fe",
    ".goclaw/x",
    ".GoClaw/x",
    "x".repeat(3_000),
  ])("%s is refused, and nothing is read", async (path) => {
    for (const route of ["/v1/files", "/v1/storage/files"]) {
      const { status, text } = await call("GET", `${route}/${path}`);
      expect([400, 404]).toContain(status);
      expect(text).not.toContain(SECRET);
    }
    const { status } = await call("POST", "/v1/files/sign", { path });
    expect([400, 403, 404]).toContain(status);
  });

  test.each(["/etc/passwd", "/proc/self/environ", "/root/.ssh/id_rsa"])(
    "%s of the machine is forbidden",
    async (path) => {
      expect((await call("GET", `/v1/files${path}`)).status).toBe(403);
    },
  );

  test("a directory whose name begins like the workspace is outside", async () => {
    expect((await call("GET", `/v1/files${root}-evil/x.txt`)).status).not.toBe(200);
    expect((await call("GET", `/v1/files/../${root.split("/").at(-1)}-evil/x.txt`)).status).not.toBe(200);
  });

  test("a path that a client sends without tidying it up is refused too", async () => {
    const raw = await new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(gateway.url).port), "127.0.0.1");
      const head = `GET /v1/files/../../secret.txt HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${gateway.token}\r\n`;
      socket.end(`${head}Connection: close\r\n\r\n`);
      let text = "";
      socket.on("data", (piece) => {
        text += piece.toString();
      });
      socket.on("close", () => resolve(text));
    });
    expect(raw).toMatch(/^HTTP\/1.1 40[04]/);
    expect(raw).not.toContain(SECRET);
  });

  test("a directory that becomes a link between two requests, or during one, leads nowhere", async () => {
    const outside = join(home, "outside");
    mkdirSync(outside);
    writeFileSync(join(outside, "f.txt"), SECRET);
    writeWorkspace(gateway, { "swap/f.txt": "inside" });
    const swap = join(root, "swap");
    let isDone = false;
    const swapping = (async () => {
      while (!isDone) {
        renameSync(swap, `${swap}-kept`);
        replaceByLink(swap, outside);
        await Bun.sleep(0);
        rmSync(swap, { recursive: true, force: true });
        renameSync(`${swap}-kept`, swap);
        await Bun.sleep(0);
      }
    })();
    const seen = new Set<string>();
    for (let round = 0; round < 50; round++) {
      const answers = await Promise.all(Array.from({ length: 8 }, () => call("GET", "/v1/files/swap/f.txt")));
      for (const { status, text } of answers) seen.add(status === 200 ? text : String(status));
      const form = new FormData();
      form.set("file", new File(["uploaded"], "new.txt"));
      await call("POST", "/v1/storage/files?path=swap", form);
      await call("DELETE", "/v1/storage/swap/new.txt");
    }
    isDone = true;
    await swapping;
    expect([...seen].filter((text) => text !== "inside" && text !== "404")).toEqual([]);
    expect(await Array.fromAsync(new Bun.Glob("*").scan(outside))).toEqual(["f.txt"]);
  });
});
