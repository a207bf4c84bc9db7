import {
  keepPreviousData,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
} from "@tanstack/react-query";
import type { CallOptions, Connection, GoClawError, InputOf, OperationName, OutputOf } from "#client/index.ts";
import { useGateway } from "#web/live/gateway.tsx";
import { familyOf, toKey } from "#web/live/query-key.ts";

export interface CallQueryOptions {
  /** False waits with the call, such as until its input is known. */
  readonly isEnabled?: boolean;
  /** Shows the answer to the input before while a new one loads, such as in a list whose filter changes. */
  readonly keepsPrevious?: boolean;
}

/** Reads something and keeps it fresh: events of the gateway make it load again. */
export function useCall<Name extends OperationName>(
  name: Name,
  input: InputOf<Name>,
  { isEnabled = true, keepsPrevious = false }: CallQueryOptions = {},
): UseQueryResult<OutputOf<Name>, GoClawError> {
  const { connection } = useGateway();
  return useQuery({
    queryKey: toKey(name, input as object),
    queryFn: ({ signal }) => call(connection, name, input, signal),
    enabled: isEnabled,
    ...(keepsPrevious && { placeholderData: keepPreviousData }),
  }) as UseQueryResult<OutputOf<Name>, GoClawError>;
}

const PAGE_SIZE = 100;

interface PagesOptions extends Pick<CallQueryOptions, "isEnabled"> {
  /** False leaves it to the screen when to read again. A long list reads all of its pages at each event otherwise. */
  readonly followsEvents?: boolean;
}

/** Reads a list page by page, by `limit` and `offset`. `rowsOf` takes the rows out of an answer. */
export function usePages<Name extends OperationName, Row>(
  name: Name,
  input: Omit<InputOf<Name>, "limit" | "offset">,
  rowsOf: (answer: OutputOf<Name>) => readonly Row[],
  { isEnabled = true, followsEvents = true }: PagesOptions = {},
): UseInfiniteQueryResult<readonly Row[], GoClawError> {
  const { connection } = useGateway();
  return useInfiniteQuery({
    queryKey: followsEvents ? toKey(name, input, "pages") : ["pages", name, input],
    queryFn: ({ signal, pageParam }) =>
      call(connection, name, { ...input, limit: PAGE_SIZE, offset: pageParam } as InputOf<Name>, signal),
    initialPageParam: 0,
    getNextPageParam: (last, pages) =>
      rowsOf(last).length < PAGE_SIZE ? undefined : pages.reduce((sum, page) => sum + rowsOf(page).length, 0),
    select: ({ pages }) => pages.flatMap(rowsOf),
    enabled: isEnabled,
    placeholderData: keepPreviousData,
  }) as UseInfiniteQueryResult<readonly Row[], GoClawError>;
}

/** Changes something. What is on screen of the same family is read again. */
export function useAction<Name extends OperationName>(
  name: Name,
): UseMutationResult<OutputOf<Name>, GoClawError, InputOf<Name>> {
  const { connection, queries } = useGateway();
  return useMutation({
    mutationFn: (input: InputOf<Name>) => call(connection, name, input),
    onSuccess: () =>
      queries.invalidateQueries({ predicate: ({ queryKey: [key] }) => familyOf(String(key)) === familyOf(name) }),
  }) as UseMutationResult<OutputOf<Name>, GoClawError, InputOf<Name>>;
}

// Safe: the client requires an input exactly where the operation does. A generic name hides that from the compiler.
type AnyCall = (name: OperationName, input: object, options: CallOptions) => Promise<never>;

const call = <Name extends OperationName>(
  connection: Connection,
  name: Name,
  input: InputOf<Name>,
  signal?: AbortSignal,
): Promise<OutputOf<Name>> => (connection.call.bind(connection) as AnyCall)(name, input, signal ? { signal } : {});
