import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { moveWorkspaces } from "#app/home/move-workspaces.ts";
import { MASTER_TENANT_ID, newId } from "#base/ids.ts";
import { createAgent } from "#testing/create-agent.ts";
import { startModelServer } from "#testing/model-server.ts";
import { ownWorkspace } from "#testing/own-workspace.ts";
import { createServerSite, startReadyServer } from "#testing/server-process.ts";
import { TEST_USER } from "#testing/test-gateway.ts";

const TIMEOUT = 30_000;

describe("files that an earlier release kept by agent", () => {
  let workspace: string;
  beforeEach(() => {
    workspace = mkdtempSync(join(tmpdir(), "goclaw-workspaces-"));
  });
  afterEach(() => rmSync(workspace, { recursive: true }));

  const [one, two, deleted, otherTenant] = [newId(), newId(), newId(), newId()];
  const put = (path: string, text: string) => {
    const file = join(workspace, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  const read = (path: string) => readFileSync(join(workspace, path), "utf8");
  const move = (onTenant = () => {}) =>
    moveWorkspaces({ workspace }, async (_, agentIds) => {
      onTenant();
      return new Map(agentIds.filter((id) => id !== deleted).map((id) => [id, "ada-1"]));
    });
  const plant = () => {
    put(`${MASTER_TENANT_ID}/${one}/notes/a.txt`, "a");
    put(`${MASTER_TENANT_ID}/${one}/shared/b.txt`, "b");
    put(`${MASTER_TENANT_ID}/${deleted}/c.txt`, "c");
    put(`${otherTenant}/${two}/d.txt`, "d");
    put("kept.txt", "the operator's own");
    put(`${otherTenant}/kept.txt`, "the operator's too");
  };
  const expectMoved = () =>
    expect([
      read(`${MASTER_TENANT_ID}/${one}/ada-1/notes/a.txt`),
      read(`${MASTER_TENANT_ID}/${one}/ada-1/shared/b.txt`),
      read(`${MASTER_TENANT_ID}/${deleted}/shared/c.txt`),
      read(`${otherTenant}/${two}/ada-1/d.txt`),
      read("kept.txt"),
      read(`${otherTenant}/kept.txt`),
    ]).toEqual(["a", "b", "c", "d", "the operator's own", "the operator's too"]);

  test("move to the agent's owner, once", async () => {
    plant();
    await move();
    expectMoved();
    let asked = 0;
    await move(() => asked++);
    expectMoved();
    expect(asked).toBe(0);
  });

  test("move after a crash while tenants were set aside, and after one between two tenants", async () => {
    plant();
    mkdirSync(join(workspace, ".old"));
    renameSync(join(workspace, otherTenant), join(workspace, ".old", otherTenant));
    let tenants = 0;
    const crash = () => {
      if (tenants++ === 1) throw new Error("crash");
    };
    await expect(move(crash)).rejects.toThrow("crash");
    await move();
    expectMoved();
  });

  test("of a new home do not exist, and files of users stay where they are", async () => {
    await move();
    put(`${MASTER_TENANT_ID}/${one}/bob-2/e.txt`, "e");
    await move();
    expect(read(`${MASTER_TENANT_ID}/${one}/bob-2/e.txt`)).toBe("e");
  });
});

test(
  "a gateway that starts with files of an earlier release lets their owner read them",
  async () => {
    const model = await startModelServer();
    const site = await createServerSite("sqlite", { GOCLAW_EGRESS_ALLOW_HOSTS: `127.0.0.1:${model.port}` });
    const first = await startReadyServer(site);
    const agent = await createAgent(site, { modelUrl: model.url, agent: "keeper" });
    first.signal("SIGTERM");
    await first.exited;
    const workspace = join(site.home, "workspace");
    rmSync(join(workspace, ".by-user"));
    mkdirSync(join(workspace, MASTER_TENANT_ID, agent), { recursive: true });
    writeFileSync(join(workspace, MASTER_TENANT_ID, agent, "old.txt"), "from before");

    const second = await startReadyServer(site);
    const moved = join(workspace, MASTER_TENANT_ID, agent, ownWorkspace(TEST_USER), "old.txt");
    expect(readFileSync(moved, "utf8")).toBe("from before");
    second.signal("SIGKILL");
    await second.exited;
    await site.remove();
    await model.stop();
  },
  TIMEOUT,
);
