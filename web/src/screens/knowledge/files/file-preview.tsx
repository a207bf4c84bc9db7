import { FileQuestion } from "lucide-react";
import { useEffect, useState } from "react";
import { GoClawError } from "#client/index.ts";
import { Markdown } from "#web/chat/markdown/markdown.tsx";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { Answered, Refused } from "#web/live/answered.tsx";
import { useGateway } from "#web/live/gateway.tsx";
import { useCall } from "#web/live/use-call.ts";
import { baseName, kindOf } from "#web/screens/knowledge/files/kind-of.ts";
import { EmptyState, LoadingState } from "#web/ui/states.tsx";
import { CodeBlock } from "#web/ui/text/code-block.tsx";

/** More than this, in bytes, a browser shows slowly. */
const MOST_TEXT = 1_000_000;
const MOST_IMAGE = 20_000_000;

interface FilePreviewProps {
  readonly path: string;
  readonly size: number | undefined;
}

/** What is in a file. Only pictures and texts are shown, and no text ever becomes a page. */
export function FilePreview({ path, size = 0 }: FilePreviewProps) {
  const { knowledge: words } = useTexts();
  const format = useFormat();
  const kind = kindOf(baseName(path));
  if (kind === "other") return <EmptyState icon={FileQuestion} title={words.noPreview} hint={words.noPreviewHint} />;
  if (size > (kind === "image" ? MOST_IMAGE : MOST_TEXT)) {
    return <EmptyState icon={FileQuestion} title={words.tooLarge(format.bytes(size))} hint={words.noPreviewHint} />;
  }
  if (kind === "image") return <Picture path={path} />;
  return <TextFile path={path} isMarkdown={kind === "markdown"} />;
}

function TextFile({ path, isMarkdown }: { readonly path: string; readonly isMarkdown: boolean }) {
  const { knowledge: words } = useTexts();
  const file = useCall("storage.read", { path });
  return (
    <Answered query={file}>
      {({ content }) =>
        content === "" ? (
          <p className="text-soft">{words.emptyFile}</p>
        ) : isMarkdown ? (
          <div className="max-w-[72ch]">
            <Markdown text={content} />
          </div>
        ) : (
          <CodeBlock code={content} wrap />
        )
      }
    </Answered>
  );
}

function Picture({ path }: { readonly path: string }) {
  const { client } = useGateway();
  const [url, setUrl] = useState<string>();
  const [refusal, setRefusal] = useState<GoClawError>();
  useEffect(() => {
    const stop = new AbortController();
    let made: string | undefined;
    client.call("files.get", { path }, { signal: stop.signal }).then(
      (file) => {
        if (stop.signal.aborted) return;
        made = URL.createObjectURL(file);
        setUrl(made);
      },
      (thrown: unknown) => {
        if (!stop.signal.aborted && thrown instanceof GoClawError) setRefusal(thrown);
      },
    );
    return () => {
      stop.abort();
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [client, path]);
  if (refusal) return <Refused error={refusal} />;
  if (url === undefined) return <LoadingState />;
  return <img src={url} alt={baseName(path)} className="max-w-full rounded-lg border border-line" />;
}
