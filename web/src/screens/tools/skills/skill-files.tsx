import { useState } from "react";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import { useToolsSearch } from "#web/screens/tools/parts/use-tools-search.ts";
import type { Skill } from "#web/screens/tools/skills/skills-tab.tsx";
import { VersionChoice } from "#web/screens/tools/skills/version-choice.tsx";
import { cn } from "#web/ui/classes.ts";
import { EmptyState } from "#web/ui/states.tsx";
import { VirtualList } from "#web/ui/table/virtual-list.tsx";
import { CodeBlock } from "#web/ui/text/code-block.tsx";

const MAIN = "SKILL.md";

/** The files of a version of a skill, with the text of one. */
export function SkillFiles({ skill }: { readonly skill: Skill }) {
  const { tools: words } = useTexts();
  const format = useFormat();
  const { version: wanted, setSearch } = useToolsSearch();
  const version = Number(wanted) || skill.version;
  const files = useCall("skills.files.list", { id: skill.id, version });
  const [path, setPath] = useState(MAIN);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <VersionChoice
        skill={skill}
        label={words.version}
        value={version}
        onChange={(next) => setSearch({ version: String(next) })}
      />
      <Answered query={files}>
        {({ files: all }) => (
          <VirtualList
            items={all.filter(({ isDir }) => !isDir)}
            itemKey={({ path }) => path}
            label={words.skillParts.files}
            estimate={32}
            className="max-h-52 rounded-lg border border-line"
            render={({ path: own, size }) => (
              <button
                type="button"
                aria-pressed={own === path}
                onClick={() => setPath(own)}
                className={cn(
                  "focus-inset flex h-8 w-full min-w-0 items-center justify-between gap-4 px-3 text-left hover:bg-hover pointer-coarse:h-11",
                  own === path && "bg-selected hover:bg-selected",
                )}
              >
                <code className="truncate">{own}</code>
                <span className="tabular shrink-0 text-note text-soft">{format.bytes(size)}</span>
              </button>
            )}
          />
        )}
      </Answered>
      <FileText skill={skill} version={version} path={path} />
    </div>
  );
}

interface FileTextProps {
  readonly skill: Skill;
  readonly version: number;
  readonly path: string;
}

function FileText({ skill, version, path }: FileTextProps) {
  const { tools: words } = useTexts();
  const file = useCall("skills.files.get", { id: skill.id, version, path });
  return (
    <Answered query={file}>
      {({ content, encoding }) =>
        encoding === "utf-8" ? (
          <CodeBlock code={content} wrap maxHeight="60dvh" />
        ) : (
          <EmptyState title={words.notText} />
        )
      }
    </Answered>
  );
}
