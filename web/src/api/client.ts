// Asking the server. Types are made from its own description, so that what it does not answer cannot be asked for.

import createClient from "openapi-fetch";
import { text, type Sentence } from "../text/lang";
import type { components, paths } from "./schema";

export type Schema = components["schemas"];
export type Who = Schema["Who"];
export type Base = Schema["BaseView"];
export type Pond = Schema["PondView"];
export type Tag = Schema["TagView"];
export type Alarm = Schema["AlarmView"];

/** A problem as the server says it. */
export class Refused extends Error {
  readonly code: string;
  readonly sentence: Sentence;
  readonly status: number;

  constructor(code: string, sentence: Sentence, status: number) {
    super(sentence.en);
    this.code = code;
    this.sentence = sentence;
    this.status = status;
  }

  /** In the page's language. */
  text(): string {
    return text(this.sentence);
  }
}

let guard: string | null = null;
let onSignedOut: () => void = () => {};

/** What changes from a browser carry. */
export const setGuard = (next: string | null): void => {
  guard = next;
};
/** Who is told when the session is over. */
export const whenSignedOut = (tell: () => void): void => {
  onSignedOut = tell;
};

export const api = createClient<paths>();
api.use({
  onRequest({ request }) {
    if (request.method !== "GET" && guard) request.headers.set("x-saltern-guard", guard);
    return request;
  },
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

const NOT_UNDERSTOOD: Sentence = { en: "the server's answer cannot be read", zh: "无法读取服务器的应答" };

/** What was answered, or the problem as an error: `await answered(api.GET("/api/base"))`. */
export async function answered<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked;
  if (response.ok) return data as T;
  const problem = error as { code?: string; message?: Sentence } | undefined;
  if (response.status === 401 && problem?.code !== "access.wrong") onSignedOut();
  throw new Refused(problem?.code ?? "answer", problem?.message ?? NOT_UNDERSTOOD, response.status);
}
