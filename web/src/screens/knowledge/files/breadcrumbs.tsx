import { ChevronRight } from "lucide-react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { folderHref } from "#web/screens/knowledge/files/file-href.ts";
import { useFolderNames } from "#web/screens/knowledge/files/use-folder-names.ts";
import { TextLink } from "#web/ui/link.tsx";

/** Where a folder is, with a way to each one above it. */
export function Breadcrumbs({ path }: { readonly path: string }) {
  const { knowledge: words } = useTexts();
  const nameOf = useFolderNames();
  const parts = path === "" ? [] : path.split("/");
  return (
    <nav aria-label={words.folder}>
      <ol className="flex min-h-8 flex-wrap items-center gap-1">
        <li>{parts.length === 0 ? words.workspace : <TextLink href={folderHref("")}>{words.workspace}</TextLink>}</li>
        {parts.map((part, index) => {
          const own = parts.slice(0, index + 1).join("/");
          return (
            <li key={own} className="flex min-w-0 items-center gap-1">
              <ChevronRight aria-hidden className="size-4 shrink-0 text-faint" />
              {index === parts.length - 1 ? (
                <span aria-current="page" className="break-all font-medium">
                  {nameOf(part)}
                </span>
              ) : (
                <TextLink href={folderHref(own)}>{nameOf(part)}</TextLink>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
