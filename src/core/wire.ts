import { z } from "zod";
import { LIMITS } from "#base/limits.ts";

/** Text without control characters, such as line breaks. */
export const SingleLine = z.string().regex(/^\P{Cc}*$/u);

/** What would leave the place of a name in a URL: another directory, a query, a fragment or an encoded character. */
const LEAVES_ITS_PLACE = /[?#]|%[0-9a-f]{2}|(?:^|[/\\])\.\.(?:[/\\]|$)/i;

/** A provider's name of a model. Some providers take it as a part of the path. */
export const ModelName = SingleLine.max(255).refine((name) => !LEAVES_ITS_PLACE.test(name), "field.model_name");

/** RFC 3339 in UTC. */
export const Timestamp = z.iso.datetime();

/** The answer of an operation that only reports what it did, such as `{"status":"deleted"}`. */
export const statusOf = <const Status extends string>(status: Status) => z.object({ status: z.literal(status) });

export const Deleted = statusOf("deleted");
export const Updated = statusOf("updated");
export const DELETED = { status: "deleted" } as const;
export const UPDATED = { status: "updated" } as const;

/** A whole list under one name. The schema takes its name from the item's, such as `AgentList`. */
export const listOf = <const Name extends string, Item extends z.ZodType>(name: Name, item: Item) =>
  z.object(arrayUnder(name, item)).meta({ id: `${item.meta()?.id}List` });

/** How many items a page has. A value that is no number counts as absent. */
export const limitField = (usual: number) =>
  z.coerce
    .number()
    .int()
    .catch(usual)
    .transform((limit) => (limit > 0 ? Math.min(limit, LIMITS.listMax) : usual))
    .default(usual)
    .describe(`At most ${LIMITS.listMax}; anything below 1 means the default`);

/** A text that a list is searched for. Empty finds everything. */
export const searchField = (names: string) =>
  SingleLine.trim().max(LIMITS.searchChars).default("").describe(`A part of ${names}. Case and accents do not matter`);

/** The paging fields of an input. A value that is no number counts as absent. */
export const pageFields = {
  limit: limitField(LIMITS.listDefault),
  offset: z.coerce
    .number()
    .int()
    .catch(0)
    .transform((offset) => Math.max(0, offset))
    .default(0)
    .describe("How many items to skip; anything below 0 means none"),
};

/** The paging fields of lists with long pages. Their clients know that a limit which is too high means the default. */
export const longPageFields = {
  limit: z.coerce
    .number()
    .int()
    .catch(LIMITS.longListDefault)
    .transform((limit) => (limit > 0 && limit <= LIMITS.listMax ? limit : LIMITS.longListDefault))
    .default(LIMITS.longListDefault)
    .describe(`At most ${LIMITS.listMax}; anything else means the default`),
  offset: pageFields.offset,
};

/** A page of a list, with the number of all matching items. */
export const pageOf = <const Name extends string, Item extends z.ZodType>(name: Name, item: Item) =>
  z.object({ ...arrayUnder(name, item), total: z.int(), limit: z.int(), offset: z.int() });

const arrayUnder = <Name extends string, Item extends z.ZodType>(name: Name, item: Item) =>
  // Safe: the computed key has exactly this name.
  ({ [name]: z.array(item) }) as { readonly [Key in Name]: z.ZodArray<Item> };

/** A time, or a whole day in UTC. */
const Moment = z.union([z.iso.datetime({ offset: true }), z.iso.date()]).optional();

/** The fields of an input that limit a list to a time. See `startOf` and `endOf`. */
export const windowFields = {
  from: Moment.describe("Made at or after: RFC 3339, or a day"),
  to: Moment.describe("Made at or before: RFC 3339, or a whole day"),
};

/** Returns the first timestamp of a moment. */
export const startOf = (moment: string): string => new Date(moment).toISOString();

/** Returns the last timestamp of a moment. That of a day is its end. */
export const endOf = (moment: string): string => (moment.includes("T") ? startOf(moment) : `${moment}T23:59:59.999Z`);
