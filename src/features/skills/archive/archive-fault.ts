/** Why an archive of a skill is refused, as `details.reason` of the error. */
export type ArchiveFault =
  | "not_a_zip"
  | "no_skill_file"
  | "several_skill_files"
  | "empty_skill_file"
  | "skill_file_too_large"
  | "skill_file_encoding"
  | "too_many_entries"
  | "too_large"
  | "ratio"
  | "too_deep"
  | "name_too_long"
  | "traversal"
  | "absolute_path"
  | "drive_path"
  | "backslash"
  | "bad_name"
  | "bad_encoding"
  | "duplicate_name"
  | "case_collision"
  | "link"
  | "device"
  | "encrypted"
  | "unsupported_method"
  | "header_mismatch"
  | "foreign_data"
  | "overlap"
  | "zip64"
  | "wrong_size"
  | "wrong_checksum"
  | "damaged"
  | "front_matter"
  | "too_slow";

/** An archive that is refused whole. `detail` names the entry or the line, in few words. */
export class ArchiveRefusal extends Error {
  override readonly name = "ArchiveRefusal";
  readonly fault: ArchiveFault;
  readonly detail: string;

  constructor(fault: ArchiveFault, detail = "") {
    super(`${fault}: ${detail}`);
    this.fault = fault;
    this.detail = detail;
  }
}
