import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { createServerSite, type ServerSite, startReadyServer } from "#testing/server-process.ts";
import { testDialects } from "#testing/test-database.ts";

const MIB = 1_048_576;
const SIZE = 49 * MIB;
const MAX_GROWTH = 16 * MIB;
const TIMEOUT = 60_000;
const HEAD = '--b\r\nContent-Disposition: form-data; name="file"; filename="large.bin"\r\n\r\n';
const TAIL = "\r\n--b--\r\n";

/** Returns the most memory that a process ever had, in bytes. Linux alone tells it. */
function peakMemory(pid: number): number {
  const [, kib = ""] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib) * 1_024;
}

/** Forgets the peak so far. */
const resetPeak = (pid: number) => Bun.write(`/proc/${pid}/clear_refs`, "5");

describe.each([...testDialects()])("uploads to a gateway process on %s", (dialect) => {
  let site: ServerSite;
  beforeAll(async () => {
    site = await createServerSite(dialect);
  });
  afterAll(() => site.remove());
  const filesOf = (folder: string) =>
    readdirSync(join(site.home, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const headersFor = (path: string) =>
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${site.token()}\r\nX-GoClaw-User-Id: ada\r\n` +
    `Content-Type: multipart/form-data; boundary=b\r\nContent-Length: ${HEAD.length + SIZE + TAIL.length}\r\n\r\n${HEAD}`;

  /** Begins an upload and resolves when a part of it is on disk. */
  async function beginUpload(path: string) {
    const socket = connect(site.port, "127.0.0.1").on("error", () => {});
    socket.write(headersFor(path));
    socket.write(Buffer.alloc(4 * MIB, 1));
    while (uploads().length === 0) await Bun.sleep(5);
    return socket;
  }
  const uploads = () =>
    readdirSync(join(site.home, "cache"), { recursive: true }).filter((name) => /[\da-f]{32}$/.test(`${name}`));

  test.skipIf(!existsSync("/proc/self/clear_refs"))(
    "a large one is on disk while it comes, and hardly in memory",
    async () => {
      const server = await startReadyServer(site);
      const send = async () => {
        const body = new Blob([HEAD, Buffer.alloc(SIZE, 1), TAIL]);
        const answer = await fetch(`${site.url}/v1/media/upload`, {
          method: "POST",
          headers: { Authorization: `Bearer ${site.token()}`, "Content-Type": "multipart/form-data; boundary=b" },
          body,
        });
        expect(answer.status).toBe(200);
        return (await answer.json()) as { size: number; url: string };
      };
      const small = new FormData();
      small.set("file", new File(["warm"], "warm.txt"));
      await fetch(`${site.url}/v1/media/upload`, {
        method: "POST",
        headers: { Authorization: `Bearer ${site.token()}` },
        body: small,
      });
      await resetPeak(server.pid);
      const before = peakMemory(server.pid);
      const { size, url } = await send();
      const growth = peakMemory(server.pid) - before;
      expect(size).toBe(SIZE);
      expect(growth).toBeLessThan(MAX_GROWTH);
      const back = await fetch(`${site.url}${url}`, { headers: { Authorization: `Bearer ${site.token()}` } });
      expect((await back.bytes()).length).toBe(SIZE);
      server.signal("SIGKILL");
      await server.exited;
    },
    TIMEOUT,
  );

  test.each(["/v1/media/upload", "/v1/storage/files?path=inbox"])(
    "one to %s that a kill or its client breaks off leaves nothing",
    async (path) => {
      const server = await startReadyServer(site);
      const media = filesOf("media").length;
      const left = await beginUpload(path);
      left.destroy();
      while (uploads().length > 0) await Bun.sleep(5);
      const socket = await beginUpload(path);
      server.signal("SIGKILL");
      await server.exited;
      socket.destroy();
      expect(uploads().length).toBe(1);
      const next = await startReadyServer(site);
      expect(uploads()).toEqual([]);
      expect(filesOf("media").length).toBe(media);
      expect(filesOf("workspace").filter(({ name }) => name !== ".by-user")).toEqual([]);
      next.signal("SIGKILL");
      await next.exited;
    },
    TIMEOUT,
  );
});
