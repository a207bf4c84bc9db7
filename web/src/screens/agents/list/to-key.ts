const MARKS = /\p{M}/gu;
const OTHERS = /[^a-z0-9]+/g;

/** Proposes a key for an agent from its name: "Bảng tính số 1" gives "bang-tinh-so-1". May be empty. */
export function toKey(name: string): string {
  return name
    .normalize("NFD")
    .replace(MARKS, "")
    .toLowerCase()
    .replaceAll("đ", "d")
    .replace(OTHERS, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 100);
}
