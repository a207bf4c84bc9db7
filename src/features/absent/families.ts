/** Who may call a method. */
export type AbsentAccess = "read" | "write" | "administer";

/** A family of protocol v3 whose feature this gateway does not have. */
export interface AbsentFamily {
  readonly name: string;
  /** What it is, for the message of a refusal. */
  readonly feature: string;
  /** Methods that read, with the answer where there is nothing. */
  readonly reads: Readonly<Record<string, object>>;
  /** All other methods. They are refused. */
  readonly refused: Readonly<Record<string, AbsentAccess>>;
}

/** The families by the first part of their methods' names. */
export const ABSENT_FAMILIES: readonly AbsentFamily[] = [
  {
    name: "cron",
    feature: "schedules",
    reads: {
      list: { jobs: [], status: { enabled: false, jobs: 0 } },
      status: { enabled: false, jobs: 0 },
      runs: { entries: [], total: 0 },
    },
    refused: { create: "write", update: "write", delete: "write", toggle: "write", run: "write" },
  },
  {
    name: "config",
    feature: "permissions of the configuration",
    reads: { "permissions.list": { permissions: [] } },
    refused: {
      "permissions.check": "administer",
      "permissions.grant": "administer",
      "permissions.revoke": "administer",
    },
  },
  {
    name: "heartbeat",
    feature: "heartbeats",
    reads: {
      get: { heartbeat: null },
      logs: { logs: [], total: 0 },
      targets: { targets: [] },
      "checklist.get": { content: "" },
    },
    refused: { set: "administer", toggle: "administer", test: "administer", "checklist.set": "administer" },
  },
  {
    name: "exec",
    feature: "approvals of commands",
    reads: { "approval.list": { pending: [] } },
    refused: { "approval.approve": "write", "approval.deny": "write" },
  },
  {
    name: "teams",
    feature: "teams",
    reads: {
      list: { teams: [], count: 0 },
      known_users: { users: [] },
      scopes: { scopes: [] },
      "events.list": { events: [], count: 0 },
      "tasks.list": { tasks: [], count: 0 },
      "tasks.active-by-session": { tasks: [] },
      "tasks.comments": { comments: [] },
      "tasks.events": { events: [] },
      "workspace.list": { files: [], count: 0 },
    },
    refused: {
      ...{ get: "read", "tasks.get": "read", "tasks.get-light": "read", "workspace.read": "read" },
      ...{ create: "administer", update: "administer", delete: "administer" },
      ...{ "members.add": "administer", "members.remove": "administer" },
      ...{ "tasks.create": "write", "tasks.assign": "write", "tasks.approve": "write", "tasks.reject": "write" },
      ...{ "tasks.comment": "write", "workspace.delete": "write" },
      ...{ "tasks.delete": "administer", "tasks.delete-bulk": "administer" },
    },
  },
  {
    name: "hooks",
    feature: "hooks",
    reads: { list: { hooks: [] }, history: { history: [], total: 0 } },
    refused: { create: "administer", update: "administer", delete: "administer", toggle: "administer", test: "write" },
  },
  { name: "voices", feature: "voices", reads: { list: { voices: [] } }, refused: { refresh: "administer" } },
  {
    name: "workstations",
    feature: "workstations",
    reads: { list: { workstations: [] } },
    refused: { get: "read", create: "administer", update: "administer", delete: "administer", test: "administer" },
  },
  {
    name: "zalo",
    feature: "personal Zalo accounts",
    reads: { "personal.contacts": { contacts: [] } },
    refused: { "personal.qr.start": "write" },
  },
  { name: "whatsapp", feature: "WhatsApp accounts", reads: {}, refused: { "qr.start": "write" } },
];
