import { plainTextOf } from "#testing/channels/telegram-markup.ts";

/** A call that the bot made. Files are their bytes, by the names of their fields. */
export interface TelegramCall {
  readonly method: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read parameters of every call
  readonly params: any;
  readonly files: Readonly<Record<string, File>>;
}

export interface SaidMessage {
  readonly text?: string;
  readonly chat?: object;
  readonly from?: object;
  readonly [field: string]: unknown;
}

/** What the server answers to a call instead of carrying it out. Undefined carries it out. */
export type Interception = (call: TelegramCall) => Response | undefined | Promise<Response | undefined>;

const MAX_TEXT = 4_096;
/** The group of tests. */
export const GROUP = { id: -100_7, type: "supergroup", title: "Nhóm" };
/** Its topics, beside the one that has no id for bots. */
const TOPICS = [77, 78];
export const ANN = { id: 42, is_bot: false, first_name: "Ann", username: "ann_a", language_code: "en" };

/** Returns a refusal as Telegram words it. */
export const refusal = (error_code: number, description: string, parameters?: object): Response =>
  Response.json({ ok: false, error_code, description, ...(parameters && { parameters }) }, { status: error_code });

/**
 * A server that speaks the Bot API of Telegram over HTTP, with one bot. It checks markup, lengths and offsets as Telegram
 * does, and keeps unconfirmed updates.
 */
export class FakeTelegram {
  readonly token = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
  readonly bot = { id: 110201543, is_bot: true, first_name: "Helper", username: "helper_bot" };
  readonly calls: TelegramCall[] = [];
  /** What arrived in chats, in order, as people read it. */
  readonly shown: { readonly id: number; readonly chatId: string; text: string; readonly thread?: number }[] = [];
  readonly files = new Map<string, { readonly path: string; readonly bytes: Uint8Array }>();
  intercept: Interception | undefined;
  webhook: { readonly url: string; readonly secret_token?: string } | undefined;
  #updates: { readonly update_id: number }[] = [];
  #nextUpdate = 1_000;
  #nextMessage = 1;
  #wake = Promise.withResolvers<void>();
  #poller = 0;
  readonly #server: ReturnType<typeof Bun.serve>;

  constructor() {
    this.#server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      idleTimeout: 0,
      fetch: (request) => this.#handle(request),
    });
  }

  get port(): number {
    return this.#server.port ?? 0;
  }

  get apiRoot(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The texts that arrived in a chat. */
  textsIn(chatId: number | string): readonly string[] {
    return this.shown.filter((message) => message.chatId === String(chatId)).map(({ text }) => text);
  }

  callsOf(method: string): readonly TelegramCall[] {
    return this.calls.filter((call) => call.method === method);
  }

  /** Makes an update of a message in the private chat of Ann, or in another one. */
  update(message: SaidMessage): { readonly update_id: number } {
    const update_id = this.#nextUpdate++;
    const date = Math.floor(Date.now() / 1_000);
    const chat = { id: ANN.id, type: "private", first_name: "Ann" };
    return { update_id, message: { message_id: 5_000 + update_id, date, chat, from: ANN, ...message } } as never;
  }

  /** Lets somebody say something. The bot gets it with its next poll. */
  say(message: SaidMessage): number {
    const update = this.update(message);
    this.push(update);
    return update.update_id;
  }

  /** Delivers any update, such as one that came before. */
  push(update: { readonly update_id: number }): void {
    this.#updates.push(update);
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }

  stop(): Promise<void> {
    this.#wake.resolve();
    return this.#server.stop(true);
  }

  async #handle(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const file = /^\/file\/bot([^/]+)\/(.+)$/.exec(pathname);
    if (file) return this.#download(file[1] ?? "", decodeURI(file[2] ?? ""));
    const [, token, method = ""] = /^\/bot([^/]+)\/(\w+)$/.exec(pathname) ?? [];
    const call = { method, ...(await readParams(request)) };
    if (token !== this.token) return refusal(401, "Unauthorized");
    this.calls.push(call);
    return (await this.intercept?.(call)) ?? this.#carryOut(call, request.signal);
  }

  #carryOut({ method, params }: TelegramCall, signal: AbortSignal): Response | Promise<Response> {
    switch (method) {
      case "getMe":
        return done(this.bot);
      case "setWebhook":
        this.webhook = params;
        return done(true);
      case "deleteWebhook":
        this.webhook = undefined;
        return done(true);
      case "getUpdates":
        return this.#poll(params, signal);
      case "sendMessage":
        return this.#show(params, params.text);
      case "sendPhoto":
      case "sendDocument":
      case "sendVoice":
      case "sendAudio":
      case "sendVideo":
        return this.#show(params, params.caption ?? "");
      case "editMessageText":
        return this.#edit(params);
      case "sendChatAction":
        return done(true);
      case "getFile": {
        const found = this.files.get(params.file_id);
        return found
          ? done({ file_id: params.file_id, file_path: found.path })
          : refusal(400, "Bad Request: invalid file_id");
      }
      default:
        return refusal(404, "Not Found: method not found");
    }
  }

  /** An offset confirms the updates before it. A second poll ends the first. */
  async #poll({ offset = 0, timeout = 0 }: { offset?: number; timeout?: number }, signal: AbortSignal) {
    const own = ++this.#poller;
    this.#updates = this.#updates.filter(({ update_id }) => update_id >= offset);
    const end = Date.now() + timeout * 1_000;
    while (this.#updates.length === 0 && Date.now() < end && !signal.aborted) {
      await Promise.race([this.#wake.promise, Bun.sleep(100)]);
      if (own !== this.#poller) return refusal(409, "Conflict: terminated by other getUpdates request");
    }
    return done(this.#updates.slice(0, 100));
  }

  // biome-ignore lint/suspicious/noExplicitAny: parameters of a call
  #show(params: any, text: string): Response {
    const topic = params.message_thread_id;
    if (topic !== undefined && !TOPICS.includes(Number(topic)))
      return refusal(400, "Bad Request: message thread not found");
    const plain = plainTextOf(text, params.parse_mode);
    if (plain === undefined) return refusal(400, "Bad Request: can't parse entities: unexpected end tag");
    if (plain.length > MAX_TEXT) return refusal(400, "Bad Request: message is too long");
    if (plain.trim() === "" && params.text !== undefined) return refusal(400, "Bad Request: message text is empty");
    const id = this.#nextMessage++;
    const thread = params.message_thread_id;
    this.shown.push({ id, chatId: String(params.chat_id), text: plain, ...(thread !== undefined && { thread }) });
    return done({ message_id: id, date: 0, chat: { id: params.chat_id, type: "private" }, text: plain });
  }

  // biome-ignore lint/suspicious/noExplicitAny: parameters of a call
  #edit(params: any): Response {
    const message = this.shown.find(({ id }) => id === Number(params.message_id));
    const plain = plainTextOf(params.text, params.parse_mode);
    if (plain === undefined) return refusal(400, "Bad Request: can't parse entities: unexpected end tag");
    if (!message) return refusal(400, "Bad Request: message to edit not found");
    if (message.text === plain) return refusal(400, "Bad Request: message is not modified");
    message.text = plain;
    return done(true);
  }

  #download(token: string, path: string): Response {
    const found = [...this.files.values()].find((file) => file.path === path);
    if (token !== this.token || !found) return new Response("not found", { status: 404 });
    return new Response(new Uint8Array(found.bytes));
  }
}

const done = (result: unknown): Response => Response.json({ ok: true, result });

async function readParams(request: Request): Promise<Pick<TelegramCall, "params" | "files">> {
  const type = request.headers.get("content-type") ?? "";
  if (!type.startsWith("multipart/")) {
    const text = await request.text();
    return { params: text === "" ? {} : JSON.parse(text), files: {} };
  }
  const params: Record<string, unknown> = {};
  const files: Record<string, File> = {};
  const form = await request.formData();
  for (const [name, value] of form.entries()) {
    if (value instanceof File) files[name] = value;
    else params[name] = value;
  }
  return { params, files };
}
