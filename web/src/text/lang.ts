// The language of the page, and how it writes numbers, units and times.

import { useSyncExternalStore } from "react";

export type Lang = "en" | "zh";

/** A text in both languages, as the server and the catalogues have them. */
export interface Sentence {
  en: string;
  zh: string;
}

const listeners = new Set<() => void>();

function initial(): Lang {
  const asked = globalThis.localStorage?.getItem("lang") ?? globalThis.navigator?.language ?? "en";
  return asked.startsWith("zh") ? "zh" : "en";
}

let current: Lang = initial();

export const lang = (): Lang => current;

export function setLang(next: Lang): void {
  current = next;
  globalThis.localStorage?.setItem("lang", next);
  if (globalThis.document) document.documentElement.lang = locale();
  for (const listener of listeners) listener();
}

/** Draws anew when the language changes. */
export function useLang(): Lang {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

/** The text of the page's language. */
export const text = (sentence: Sentence): string => sentence[current];

/** English times as most of the world writes them: day before month, 24 hours. */
export const locale = (): string => (current === "zh" ? "zh-CN" : "en-GB");

const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `n${locale()}${JSON.stringify(options)}`;
  let known = formats.get(key) as Intl.NumberFormat | undefined;
  if (!known) formats.set(key, (known = new Intl.NumberFormat(locale(), options)));
  return known;
}

function timeFormat(options: Intl.DateTimeFormatOptions, zone: string): Intl.DateTimeFormat {
  const key = `t${locale()}${zone}${JSON.stringify(options)}`;
  let known = formats.get(key) as Intl.DateTimeFormat | undefined;
  if (!known) formats.set(key, (known = new Intl.DateTimeFormat(locale(), { ...options, timeZone: zone, hour12: false })));
  return known;
}

/** What is shown where there is no number. */
export const NONE = "–";

/** Numbers below this are written as powers of ten. */
const TINY = 1e-5;

/** A number with so many significant digits, at most. */
export function number(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  // What is next to nothing would be a row of noughts.
  const isTiny = value !== 0 && Math.abs(value) < TINY;
  return numberFormat({ maximumSignificantDigits: digits, ...(isTiny ? { notation: "scientific" } : {}) }).format(value === 0 ? 0 : value);
}

/** A number at the resolution of its instrument. */
export function atResolution(value: number, resolution: number | null | undefined): string {
  if (!Number.isFinite(value)) return NONE;
  if (!resolution) return number(value, 5);
  const decimals = Math.min(6, Math.max(0, -Math.floor(Math.log10(resolution) + 1e-9)));
  return numberFormat({ minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value);
}

/** A share as a percentage. */
export const percent = (share: number, digits = 2): string =>
  numberFormat({ style: "percent", maximumSignificantDigits: digits }).format(share);

/** Things one after another, with the comma of the language. */
export const list = (parts: readonly string[]): string => parts.join(current === "zh" ? "、" : ", ");

const UNITS: Record<string, string> = {
  degC: "°C", "g/cm3": "g/cm³", m2: "m²", km2: "km²", m3: "m³", "m3/s": "m³/s", "m3/h": "m³/h", "m3/d": "m³/d", "kg/m3": "kg/m³", "W/m2": "W/m²", tCO2e: "t CO₂e", "kgCO2/kWh": "kg CO₂/kWh", "kgCO2e/kWh": "kg CO₂e/kWh", "1": "", "-": "",
};

/** A unit as people write it. */
export const unit = (symbol: string): string => UNITS[symbol] ?? symbol;

/** Zone in which times are shown: the base's. */
let zone = "UTC";
export const setZone = (offsetH: number): void => {
  const sign = offsetH < 0 ? "-" : "+";
  const minutes = Math.round(Math.abs(offsetH) * 60);
  zone = `${sign}${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
};
export const timeZone = (): string => zone;

export const dateTime = (ms: number): string =>
  timeFormat({ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" }, zone).format(ms);
export const clockTime = (ms: number): string =>
  timeFormat({ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" }, zone).format(ms);
export const day = (ms: number): string => timeFormat({ year: "numeric", month: "2-digit", day: "2-digit" }, zone).format(ms);
export const shortDay = (ms: number): string => timeFormat({ month: "short", day: "numeric" }, zone).format(ms);
export const hour = (ms: number): string => timeFormat({ hour: "2-digit", minute: "2-digit" }, zone).format(ms);

/** How long, in the unit that says it best. */
export function duration(ms: number): string {
  const of = (value: number, name: Intl.NumberFormatOptions["unit"]) =>
    numberFormat({ style: "unit", unit: name, unitDisplay: "short", maximumFractionDigits: 0 }).format(value);
  const seconds = ms / 1000;
  if (seconds < 90) return of(seconds, "second");
  if (seconds < 5400) return of(seconds / 60, "minute");
  if (seconds < 172_800) return of(seconds / 3600, "hour");
  return of(seconds / 86_400, "day");
}
