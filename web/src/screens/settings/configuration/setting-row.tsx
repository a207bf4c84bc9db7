import { RotateCcw, Undo2 } from "lucide-react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import type { Setting } from "#web/screens/settings/configuration/read-schema.ts";
import { SettingControl } from "#web/screens/settings/configuration/setting-control.tsx";
import { type Draft, isSame, toValue, toWritten, type Written } from "#web/screens/settings/configuration/written.ts";
import { Badge } from "#web/ui/badge.tsx";
import { Button, IconButton } from "#web/ui/button.tsx";
import { cn } from "#web/ui/classes.ts";
import { Status, ToneIcon } from "#web/ui/status.tsx";

interface SettingRowProps {
  readonly setting: Setting;
  readonly value: unknown;
  readonly draft: Draft | undefined;
  readonly isFromFile: boolean;
  readonly isFromEnvironment: boolean;
  readonly isWaiting: boolean;
  readonly onWrite: (written: Written) => void;
  readonly onUndo: () => void;
}

/** One setting: what it means, where its value comes from, and what it is. */
export function SettingRow(props: SettingRowProps) {
  const { setting, value, draft, isFromFile, isFromEnvironment, isWaiting, onWrite, onUndo } = props;
  const { settings } = useTexts();
  const words = settings.configuration;
  const { path, kind, description, usual, environment } = setting;
  const name = path.slice(path.indexOf(".") + 1);
  // A setting within a key of the file, such as one of several prices, may be as usual.
  const isSet = isFromFile && !isNothing(value) && !(path.split(".").length > 2 && isSame(value, usual));
  const problem = draft && toValue(setting, draft.written);
  const isNewer = draft !== undefined && !isSame(draft.base, value);
  const shown = draft?.written === null ? toWritten(setting, usual) : (draft?.written ?? toWritten(setting, value));

  return (
    <div
      className={cn(
        "grid grid-cols-[minmax(0,1fr)] gap-x-8 gap-y-2 border-line border-t px-4 py-3 lg:grid-cols-[minmax(0,1fr)_minmax(0,22rem)]",
        draft && "bg-live-soft/40",
      )}
    >
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="break-all font-medium font-mono text-code">{name}</span>
          {isSet && !isFromEnvironment && !draft && <Badge>{words.inFile}</Badge>}
          {isWaiting && <Status tone="careful">{words.waits}</Status>}
        </p>
        <p className="mt-0.5 max-w-[72ch] text-soft">{description}</p>
        <p className="mt-1 break-words text-note text-soft">
          {words.usual}: <span className="font-mono">{toShort(usual) || words.noDefault}</span>
          <span className="ml-3 font-mono">{environment}</span>
        </p>
      </div>
      <div className="flex min-w-0 flex-col gap-1.5">
        <div className="flex items-start gap-1">
          <div className="min-w-0 flex-1">
            <SettingControl
              setting={setting}
              written={shown}
              isStored={value !== undefined}
              isDisabled={isFromEnvironment}
              onWrite={onWrite}
            />
          </div>
          {draft ? (
            <IconButton label={words.undoChange} icon={Undo2} onClick={onUndo} />
          ) : (
            isSet &&
            !isFromEnvironment && <IconButton label={words.reset} icon={RotateCcw} onClick={() => onWrite(null)} />
          )}
        </div>
        {isFromEnvironment && <p className="text-note text-soft">{words.byEnvironment(environment)}</p>}
        {typeof problem === "string" && (
          <p role="alert" className="flex gap-1.5 text-bad text-note">
            <ToneIcon tone="bad" className="mt-px" />
            {words[problem]}
          </p>
        )}
        {isNewer && (
          <div role="alert" className="flex flex-wrap items-center gap-2 text-careful text-note">
            <span className="flex min-w-0 gap-1.5">
              <ToneIcon tone="careful" className="mt-px" />
              <span className="min-w-0 break-words">
                {words.newer(kind === "secret" ? "***" : toShort(value) || words.nothing)}
              </span>
            </span>
            <Button size="sm" onClick={onUndo}>
              {words.takeNewer}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

/** Returns whether a value says no more than that there is none. */
const isNothing = (value: unknown): boolean =>
  value === undefined || (value !== null && typeof value === "object" && Object.keys(value).length === 0);

/** Long values, such as prices of many models, are cut. */
const MAX_CHARS = 80;

function toShort(value: unknown): string {
  const text = typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
  return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}…` : text;
}
