import { answer, type Conversation, chat, useTool } from "#testing/browser/rich-data/hold-conversation.ts";

const NOTES = `## What people notice

- The cart keeps its items for 30 days (**SHOP-201**)
- Search finds words with accents: \`đà nẵng\` and \`da nang\` are the same
- Orders can be exported as CSV

## Fixed

- [x] Dates in mails had the time zone of the server
- [x] A coupon could be used twice by pressing the button fast
- [ ] Slow start on old phones: *not yet*

\`\`\`ts
export const isExpired = ({ keptUntil }: Cart, now: Date): boolean =>
  keptUntil.getTime() <= now.getTime();
\`\`\`
`;

const WHY = `The build fails since **Tuesday 14:02**, when the base image moved to Node 26.

\`\`\`diff
- FROM node:24-slim
+ FROM node:24.11-slim
\`\`\`

| Step | Before | Now |
|--|--:|--:|
| install | 41 s | 43 s |
| test | 3 m 10 s | fails after 12 s |

Pin the image as above. The real fix is in \`OPS-412\`.`;

/** What engineers ask. */
export const ENGINEERING_CONVERSATIONS: readonly Conversation[] = [
  {
    ...{ name: "release-notes-2-8", agent: "release", user: "minh", title: "Release notes for 2.8" },
    turns: [
      {
        says: "Write the release notes for 2.8 and keep them in the workspace.",
        steps: [
          useTool(
            "use_skill",
            { name: "release-notes" },
            { reasoning: "There is a skill for release notes. It says to group by what people notice." },
          ),
          useTool("mcp_tickets__search_tickets", { query: "fixVersion = 2.8", state: "closed" }),
          useTool("write_file", { path: "notes/2.8.md", content: NOTES }, { text: "I write them down." }),
          answer(`Done, they are in \`notes/2.8.md\`.\n\n${NOTES}`),
        ],
      },
      {
        says: "Read them to me again. Is the line about the cart right?",
        steps: [
          useTool("read_file", { path: "notes/2.8.md" }),
          answer("Yes: carts are kept for 30 days. It was 7 days before 2.8."),
        ],
      },
    ],
  },
  {
    ...{ name: "red-build", agent: "release", user: "minh", title: "Why is the build red since Tuesday?" },
    turns: [
      {
        says: "The build of main is red since Tuesday. Why?",
        steps: [
          {
            reasoning:
              "Two things changed on Tuesday: the base image and the lock file. The log of the first failing build tells which. I look for the ticket and for the page of the image at the same time.",
            toolCalls: [
              { name: "mcp_tickets__get_ticket", arguments: { id: "OPS-412" } },
              { name: "web_fetch", arguments: { url: "https://hub.example.com/node/tags" } },
              { name: "datetime", arguments: {} },
            ],
            seconds: 9,
          },
          answer(WHY, { seconds: 14 }),
        ],
      },
      chat(
        "Open a pull request for the pin.",
        "I have no tool for pull requests. The one line to change is in `Dockerfile:1`.",
      ),
    ],
  },
  {
    ...{ name: "disk-of-db-2", agent: "release", title: "Disk of db-2 above 85 %" },
    turns: [
      {
        says: "Is there a ticket about the disk of db-2? If not, open one.",
        steps: [
          useTool("mcp_tickets__search_tickets", { query: "db-2 disk", state: "open" }),
          useTool("mcp_tickets__create_ticket", { project: "OPS", title: "Grow the disk of db-2 to 400 GB" }),
          answer(
            "`OPS-398` is open and assigned to Grace. I opened **OPS-419** for growing the disk to 400 GB and linked the two.",
          ),
        ],
      },
    ],
  },
  {
    ...{ name: "regex", agent: "release", user: "minh", title: "A regular expression for order numbers" },
    turns: [
      chat(
        "A regular expression for our order numbers?",
        '```js\nconst ORDER = /^[A-Z]-\\d{5}$/u;\nORDER.test("A-10442"); // true\n```\n\nIt takes one capital letter, a hyphen and five digits.',
      ),
      chat("Also with two letters.", "```js\nconst ORDER = /^[A-Z]{1,2}-\\d{5}$/u;\n```"),
    ],
  },
  {
    ...{ name: "cron", agent: "release", user: "grace", title: "When does the backup run?" },
    turns: [
      chat(
        "When does `30 2 * * 1-5` run?",
        "At **02:30, Monday to Friday**, in the time zone of the server, which is UTC.",
      ),
    ],
  },
  {
    ...{ name: "postgres-locks", agent: "release", title: "Who holds the lock on orders?" },
    turns: [
      chat(
        "Which query shows who blocks whom on Postgres?",
        "```sql\nselect blocked.pid, blocked.query, blocking.pid as by_pid, blocking.query as by_query\nfrom pg_stat_activity blocked\njoin pg_stat_activity blocking on blocking.pid = any(pg_blocking_pids(blocked.pid));\n```\n\nLook at `state_change` of the blocking one first: *idle in transaction* is the usual suspect.",
      ),
    ],
  },
  {
    ...{ name: "rollback-plan", agent: "release", user: "minh", title: "Rollback plan for Friday" },
    turns: [
      chat(
        "Give me the rollback plan for Friday in five steps.",
        "1. Stop the workers: `systemctl stop shop-worker`\n2. Set the traffic to the old pool\n3. Restore the schema with `migrate down 1`\n4. Start the workers of 2.7\n5. Check `/health` and one test order",
      ),
    ],
  },
  {
    ...{ name: "image-sizes", agent: "release", title: "Smaller pictures for the product pages" },
    turns: [
      chat(
        "What do we save with AVIF?",
        "| Format | Page weight | Load on 4G |\n|--|--:|--:|\n| JPEG | 2.4 MB | 3.1 s |\n| WebP | 1.5 MB | 2.0 s |\n| AVIF | 1.1 MB | 1.6 s |\n\nAVIF saves **54 %**. Keep JPEG as the fallback.",
      ),
    ],
  },
];
