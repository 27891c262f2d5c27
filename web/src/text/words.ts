// Texts of the pages. Every page has its own catalogue, in both languages side by side, so that neither can be forgotten.

import { lang } from "./lang";

export type Pair = readonly [en: string, zh: string];
type Fields = Record<string, string | number>;

/** All catalogues, for the test that reads them. */
export const catalogues: Record<string, Pair>[] = [];

/** Makes functions of texts: `w.since({ time })` is the text of `since` in the page's language with `{time}` filled in. */
export function words<T extends Record<string, Pair>>(pairs: T): { [K in keyof T]: (fields?: Fields) => string } {
  catalogues.push(pairs);
  const said = Object.entries(pairs).map(([key, [en, zh]]) => [
    key,
    (fields: Fields = {}) => (lang() === "zh" ? zh : en).replace(/\{(\w+)\}/g, (whole, name: string) => String(fields[name] ?? whole)),
  ]);
  return Object.fromEntries(said);
}
