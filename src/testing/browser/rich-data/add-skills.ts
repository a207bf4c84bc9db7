import type { RichMaker } from "#testing/browser/rich-data/rich-maker.ts";
import { aSkillZip, type SkillText, toUpload } from "#testing/skills/skill-archive.ts";

interface Skill extends SkillText {
  readonly files: Readonly<Record<string, string>>;
  readonly agents: readonly string[];
  readonly tags: readonly string[];
}

const SKILLS: readonly Skill[] = [
  {
    ...{ name: "refund-letter", description: "Write the letter that goes with a refund", tags: ["support"] },
    body: "# Refund letter\n\n1. Name the order and the amount.\n2. Say when the money arrives.\n3. Offer one thing.",
    files: { "references/tone.md": "# Tone\n\nWarm, short, no jargon.\n", "assets/letter.txt": "Dear {{name}},\n" },
    agents: ["support", "writer"],
  },
  {
    ...{ name: "release-notes", description: "Turn merged changes into release notes", tags: ["engineering", "docs"] },
    body: "# Release notes\n\nGroup by what people notice. Leave out refactorings.",
    files: { "scripts/collect.sh": "#!/bin/sh\ngit log --oneline --merges\n" },
    agents: ["release"],
  },
  {
    ...{ name: "doi-soat-cong-no", description: "Đối soát công nợ với sao kê ngân hàng", tags: ["kế toán"] },
    body: "# Các bước\n\n1. Lấy sao kê.\n2. So từng dòng với hóa đơn.\n3. Ghi lại chênh lệch.",
    files: { "references/mau.csv": "ngay,so_hoa_don,so_tien\n" },
    agents: ["ke-toan"],
  },
  {
    ...{ name: "brand-voice", description: "How the shop speaks, with examples", tags: ["marketing"] },
    ...{ body: "# Voice\n\nWe write as people who hike.", files: {}, agents: ["writer"] },
  },
];

/** Adds skills with grants. One has two versions, and one is switched off. */
export async function addSkills({ send, clock }: RichMaker): Promise<void> {
  for (const { files, agents, tags, ...text } of SKILLS) {
    const { id } = await send("POST", "/v1/skills/upload", toUpload(aSkillZip(text, files)));
    for (const agent_id of agents) await send("POST", `/v1/skills/${id}/grants/agent`, { agent_id });
    await send("PUT", `/v1/skills/${id}`, { tags, ...(text.name === "brand-voice" && { visibility: "public" }) });
    clock.pass(90_000);
    if (text.name === "release-notes") {
      const next = aSkillZip({ ...text, body: `${text.body}\n\nName who reported a bug.` }, files);
      await send("POST", "/v1/skills/upload", toUpload(next));
    }
    if (text.name === "doi-soat-cong-no") await send("POST", `/v1/skills/${id}/grants/user`, { user_id: "lan" });
    if (text.name === "brand-voice") await send("POST", `/v1/skills/${id}/toggle`, { enabled: false });
  }
}
