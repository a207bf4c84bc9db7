import { crc32, deflateRawSync } from "node:zlib";

/** An entry of an archive, with everything that a hostile program could write into its headers. */
export interface ZipEntry {
  readonly name: string | Uint8Array;
  readonly content?: string | Uint8Array;
  /** 8, deflated, by default. */
  readonly method?: number;
  readonly flags?: number;
  /** The Unix mode, which includes the type of the entry. */
  readonly mode?: number;
  readonly attributes?: number;
  readonly extra?: Uint8Array;
  /** What the directory says instead of the truth. */
  readonly stated?: {
    readonly size?: number;
    readonly compressed?: number;
    readonly crc?: number;
    readonly offset?: number;
  };
  /** What the entry's own header says instead of what the directory says. */
  readonly local?: {
    readonly name?: string;
    readonly method?: number;
    readonly flags?: number;
    readonly size?: number;
  };
  /** True if the sizes follow the data, as programs write them that do not know them before. */
  readonly hasDescriptor?: boolean;
  /** The data itself, whatever the content is. */
  readonly data?: Uint8Array;
}

export interface ZipOptions {
  readonly comment?: string;
  readonly before?: Uint8Array;
  /** Between the entries and the directory. */
  readonly between?: Uint8Array;
  readonly after?: Uint8Array;
  readonly entryCount?: number;
}

const UTF8 = 0x800;
const DESCRIPTOR = 0x8;

/** Builds an archive, entry by entry and byte by byte. */
export function buildZip(entries: readonly ZipEntry[], options: ZipOptions = {}): Uint8Array<ArrayBuffer> {
  const parts: Buffer[] = [Buffer.from(options.before ?? [])];
  const directory: Buffer[] = [];
  let offset = parts[0]?.length ?? 0;
  for (const entry of entries) {
    const { local, central } = encodeEntry(entry, offset);
    parts.push(local);
    directory.push(central);
    offset += local.length;
  }
  parts.push(Buffer.from(options.between ?? []));
  offset += parts.at(-1)?.length ?? 0;
  const central = Buffer.concat(directory);
  const count = options.entryCount ?? entries.length;
  const comment = Buffer.from(options.comment ?? "");
  const end = fields([
    [4, 0x06054b50],
    ...[0, 0, count, count].map((value) => [2, value] as const),
    [4, central.length],
    [4, offset],
    [2, comment.length],
  ]);
  return new Uint8Array(Buffer.concat([...parts, central, end, comment, Buffer.from(options.after ?? [])]));
}

function encodeEntry(entry: ZipEntry, offset: number) {
  const name = Buffer.from(entry.name as string);
  const content = Buffer.from((entry.content ?? "") as string);
  const method = entry.method ?? (content.length > 0 ? 8 : 0);
  const data = Buffer.from(entry.data ?? (method === 8 ? deflateRawSync(content) : content));
  const extra = Buffer.from(entry.extra ?? []);
  const isText = typeof entry.name === "string" && !/^[\0-\x7f]*$/.test(entry.name);
  const flags = entry.flags ?? (isText ? UTF8 : 0) | (entry.hasDescriptor ? DESCRIPTOR : 0);
  const crc = entry.stated?.crc ?? crc32(content);
  const compressed = entry.stated?.compressed ?? data.length;
  const size = entry.stated?.size ?? content.length;
  const own = entry.local ?? {};
  const ownName = own.name === undefined ? name : Buffer.from(own.name);
  const [ownCrc, ownCompressed, ownSize] = entry.hasDescriptor ? [0, 0, 0] : [crc, compressed, own.size ?? size];
  const local = [
    ...fieldsOf([
      [4, 0x04034b50],
      [2, 20],
      [2, own.flags ?? flags],
      [2, own.method ?? method],
      [4, 0],
      [4, ownCrc],
      [4, ownCompressed],
      [4, ownSize],
      [2, ownName.length],
      [2, extra.length],
    ]),
    ownName,
    extra,
    data,
    ...(entry.hasDescriptor
      ? fieldsOf([
          [4, 0x08074b50],
          [4, crc],
          [4, compressed],
          [4, size],
        ])
      : []),
  ];
  const central = [
    ...fieldsOf([
      [4, 0x02014b50],
      [2, 0x0314],
      [2, 20],
      [2, flags],
      [2, method],
      [4, 0],
      [4, crc],
      [4, compressed],
      [4, size],
      [2, name.length],
      [2, extra.length],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, entry.attributes ?? (entry.mode ?? 0o100644) * 0x1_0000],
      [4, entry.stated?.offset ?? offset],
    ]),
    name,
    extra,
  ];
  return { local: Buffer.concat(local), central: Buffer.concat(central) };
}

type Field = readonly [size: number, value: number];

const fieldsOf = (list: readonly Field[]): readonly Buffer[] => [fields(list)];

/** Encodes numbers in little-endian order. */
function fields(list: readonly Field[]): Buffer {
  return Buffer.concat(
    list.map(([size, value]) => {
      const bytes = Buffer.alloc(size);
      if (size === 2) bytes.writeUInt16LE(value);
      else bytes.writeUInt32LE(value >>> 0);
      return bytes;
    }),
  );
}
