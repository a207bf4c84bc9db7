import { useNavigate, useSearch } from "@tanstack/react-router";
import { Upload } from "lucide-react";
import { useRef, useState } from "react";
import type { OutputOf } from "#client/index.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { Answered } from "#web/live/answered.tsx";
import { hasRole } from "#web/live/caller.ts";
import { useCaller } from "#web/live/gateway.tsx";
import { useCall } from "#web/live/use-call.ts";
import { Breadcrumbs } from "#web/screens/knowledge/files/breadcrumbs.tsx";
import { DropArea } from "#web/screens/knowledge/files/drop-area.tsx";
import { FileDrawer } from "#web/screens/knowledge/files/file-drawer.tsx";
import { FileTable } from "#web/screens/knowledge/files/file-table.tsx";
import { SizeUsed } from "#web/screens/knowledge/files/size-used.tsx";
import { UploadList } from "#web/screens/knowledge/files/upload-list.tsx";
import { useFileUploads } from "#web/screens/knowledge/files/use-file-uploads.ts";
import { Button } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/dialogs/confirm-dialog.tsx";
import { Callout } from "#web/ui/page/callout.tsx";
import { Toolbar } from "#web/ui/page/page.tsx";
import { EmptyState } from "#web/ui/states.tsx";

type FileEntry = OutputOf<"files.list">["files"][number];

/** The files of the workspace, folder by folder. */
export function FilesTab() {
  const { knowledge: words } = useTexts();
  const { path = "", file } = useSearch({ from: "/knowledge" });
  const navigate = useNavigate({ from: "/knowledge" });
  const isAdmin = hasRole(useCaller(), "admin");
  const listing = useCall("files.list", { depth: 1, ...(path !== "" && { path }) });
  const input = useRef<HTMLInputElement>(null);
  const uploads = useFileUploads(path);
  const [asked, setAsked] = useState<readonly File[]>([]);
  const existing = new Set(listing.data?.files.map(({ name }) => name.normalize()));
  const isThere = ({ name }: File) => existing.has(name.normalize());
  const replaced = asked.filter(isThere);

  function add(files: readonly File[]) {
    if (files.some(isThere)) setAsked(files);
    else uploads.add(files);
  }
  const uploadButton = isAdmin && (
    <Button variant="primary" icon={Upload} onClick={() => input.current?.click()}>
      {words.upload}
    </Button>
  );

  return (
    <>
      <Toolbar
        end={
          <>
            <SizeUsed />
            {uploadButton}
          </>
        }
      >
        <Breadcrumbs path={path} />
      </Toolbar>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={words.upload}
        onChange={({ target }) => {
          add([...(target.files ?? [])]);
          target.value = "";
        }}
      />
      <UploadList uploads={uploads.list} onClear={uploads.clear} />
      <DropArea isEnabled={isAdmin} onDrop={add}>
        <Answered query={listing}>
          {({ files, truncated }) =>
            files.length === 0 ? (
              <EmptyState
                title={words.emptyFolder}
                hint={isAdmin ? words.emptyFolderHint : undefined}
                action={uploadButton}
              />
            ) : (
              <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-3">
                {truncated && <Callout tone="careful">{words.tooManyFiles}</Callout>}
                <FileTable files={files} path={path} />
              </div>
            )
          }
        </Answered>
      </DropArea>
      {file !== undefined && (
        <FileDrawer
          key={file}
          path={file}
          entry={listing.data?.files.find((entry: FileEntry) => entry.path === file)}
          onClose={() => void navigate({ search: { tab: "files", ...(path !== "" && { path }) }, replace: true })}
        />
      )}
      <ConfirmDialog
        isOpen={asked.length > 0}
        onClose={() => setAsked([])}
        title={words.replaceTitle(replaced.length)}
        loses={
          <ul className="list-disc pl-5">
            {replaced.slice(0, 10).map(({ name }) => (
              <li key={name} className="break-words">
                {name}
              </li>
            ))}
          </ul>
        }
        action={words.replace}
        onConfirm={() => uploads.add(asked)}
      />
    </>
  );
}
