import { useState } from "react";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { useCall } from "#web/live/use-call.ts";
import type { Skill } from "#web/screens/tools/skills/skills-tab.tsx";
import { VersionChoice } from "#web/screens/tools/skills/version-choice.tsx";
import { Field } from "#web/ui/fields/field.tsx";
import { Select } from "#web/ui/fields/select.tsx";
import { LoadingState } from "#web/ui/states.tsx";
import { DiffView } from "#web/ui/text/diff-view.tsx";

const MAIN = "SKILL.md";

/** What one version of a skill changed against another, file by file. */
export function SkillDiff({ skill }: { readonly skill: Skill }) {
  const { tools: words } = useTexts();
  const [before, setBefore] = useState(skill.version - 1);
  const [after, setAfter] = useState(skill.version);
  const [path, setPath] = useState(MAIN);
  const old = useCall("skills.files.list", { id: skill.id, version: before });
  const current = useCall("skills.files.list", { id: skill.id, version: after });
  const paths = toPaths(old.data, current.data);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div className="flex flex-wrap gap-4">
        <VersionChoice skill={skill} label={words.versionBefore} value={before} onChange={setBefore} />
        <VersionChoice skill={skill} label={words.versionAfter} value={after} onChange={setAfter} />
        <Field label={words.file}>
          <Select
            value={path}
            onValueChange={setPath}
            className="w-56"
            options={paths.map((value) => ({ value, label: value }))}
          />
        </Field>
      </div>
      <Answered query={current}>
        {() =>
          old.data ? (
            <FileDiff
              skill={skill}
              path={path}
              before={has(old.data, path) ? before : undefined}
              after={has(current.data, path) ? after : undefined}
            />
          ) : (
            <LoadingState />
          )
        }
      </Answered>
    </div>
  );
}

type Files = OutputOf<"skills.files.list"> | undefined;

const has = (files: Files, path: string): boolean => files?.files.some((file) => file.path === path) ?? false;

const toPaths = (...lists: readonly Files[]): readonly string[] =>
  [...new Set(lists.flatMap((list) => list?.files ?? []).flatMap(({ path, isDir }) => (isDir ? [] : [path])))].sort();

interface FileDiffProps {
  readonly skill: Skill;
  readonly path: string;
  /** Absent where the version does not have the file. */
  readonly before: number | undefined;
  readonly after: number | undefined;
}

function FileDiff({ skill, path, before, after }: FileDiffProps) {
  const old = useFile(skill, path, before);
  const current = useFile(skill, path, after);
  const failed = [old, current].find(({ error }) => error);
  if (failed) return <Answered query={failed}>{() => null}</Answered>;
  if ((before !== undefined && !old.data) || (after !== undefined && !current.data)) return <LoadingState />;
  return <DiffView before={textOf(old.data)} after={textOf(current.data)} label={path} />;
}

const useFile = (skill: Skill, path: string, version: number | undefined) =>
  useCall("skills.files.get", { id: skill.id, path, version: version ?? 1 }, { isEnabled: version !== undefined });

/** A file that is no text is shown by its size, so that a change is seen. */
const textOf = (file: OutputOf<"skills.files.get"> | undefined): string => {
  if (!file) return "";
  return file.encoding === "utf-8" ? file.content : `${file.path}: ${file.size}`;
};
