import { memo, useEffect, useRef } from "react";
import { BlockView } from "#web/chat/markdown/block-view.tsx";
import { type Block, closeOpenMarks, splitBlocks } from "#web/chat/markdown/split-blocks.ts";
import { cn } from "#web/ui/classes.ts";

interface MarkdownProps {
  readonly text: string;
  /** True while more of the text is to come. */
  readonly isGrowing?: boolean;
}

/** While a text grows, the browser lays out only what is seen of it. A group keeps the height that it had. */
const SKIPS_WHAT_IS_OUT_OF_SIGHT = "*:[content-visibility:auto] *:[contain-intrinsic-height:auto_1000px]";
/** Blocks stand in groups, so that neither React nor the browser goes through all of a long text for each token. */
const GROUP_SIZE = 40;

/**
 * Use for what models and people write. A text that grows by thousands of tokens a second parses and renders only its
 * end.
 */
export const Markdown = memo(function Markdown({ text, isGrowing = false }: MarkdownProps) {
  const before = useRef<readonly Block[]>([]);
  const blocks = splitBlocks(text, before.current);
  useEffect(() => {
    before.current = blocks;
  });
  const shown = isGrowing ? closeLast(blocks) : blocks;
  return (
    <div className={cn("min-w-0 space-y-3 break-words", isGrowing && SKIPS_WHAT_IS_OUT_OF_SIGHT)}>
      {chunk(shown).map((group, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a text grows at its end, so a group keeps its place
        <Group key={place} blocks={group} />
      ))}
    </div>
  );
});

const Group = memo(
  function Group({ blocks }: { readonly blocks: readonly Block[] }) {
    return (
      <div className="space-y-3">
        {blocks.map(({ start, token }) => (
          <BlockView key={start} token={token} />
        ))}
      </div>
    );
  },
  (one, other) =>
    one.blocks.length === other.blocks.length &&
    one.blocks.every(({ token }, place) => token === other.blocks[place]?.token),
);

function chunk(blocks: readonly Block[]): readonly (readonly Block[])[] {
  const groups: Block[][] = [];
  for (let start = 0; start < blocks.length; start += GROUP_SIZE) groups.push(blocks.slice(start, start + GROUP_SIZE));
  return groups;
}

/** Shows the marks of the last block as if they were closed. What is kept for the next time stays as it is written. */
function closeLast(blocks: readonly Block[]): readonly Block[] {
  const last = blocks.at(-1);
  if (!last || last.token.type === "code") return blocks;
  const closed = closeOpenMarks(last.source);
  if (closed === last.source) return blocks;
  const tail = splitBlocks(closed).map((block) => ({ ...block, start: last.start + block.start }));
  return [...blocks.slice(0, -1), ...tail];
}
