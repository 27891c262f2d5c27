// The way of a pond's brine on a phase diagram: as the book has it, as the laboratory found it, as it may go on.

import { answered, api } from "../../api/client";
import { measuredBook, numbers, seriesOf, texts } from "../../api/runs";
import { USABLE } from "../../live/store";
import type { Park } from "../../session";
import { assayOf } from "../lake/measure";
import { placeOf, type Diagram, type Place } from "../diagrams/paper";

export interface Track {
  /** By the measured book of the last night, day by day. */
  book: Place[];
  /** Analyses, with the time of each sample. */
  lab: { place: Place; time_ms: number }[];
  /** The middle of the forecast, day by day. */
  ahead: Place[];
}

/** Sulphate is counted as sulphur where a model counts elements: kg of SO4 a kg of S (standard atomic weights, IUPAC). */
const SO4_PER_S = 96.06 / 32.06;

/** Contents by ion from contents by element. */
export const byIon = (element: (name: string) => number) => (ion: string): number => (ion === "SO4" ? element("S") * SO4_PER_S : element(ion));

/** Analyses whose counted ions were all found in the same sample. */
export function dotsOf(diagram: Diagram, found: Map<string, { time_ms: number; value: number }[]>): Track["lab"] {
  const times = [...new Set([...found.values()].flat().map((one) => one.time_ms))].sort((a, b) => a - b);
  return times.flatMap((time_ms) => {
    const place = placeOf(diagram, (ion) => found.get(ion)?.find((one) => one.time_ms === time_ms)?.value ?? Number.NaN);
    return place ? [{ place, time_ms }] : [];
  });
}

/** Usable samples of a table of time, value, quality. */
export function samplesOf(table: string): { time_ms: number; value: number }[] {
  return table
    .trim()
    .split("\n")
    .slice(1)
    .map((row) => row.split(","))
    .filter(([, value, quality]) => value !== "" && Number(quality) >= USABLE)
    .map(([time, value]) => ({ time_ms: Date.parse(time!), value: Number(value) }));
}

async function bookOf(diagram: Diagram, pond: string): Promise<Place[]> {
  const book = await measuredBook();
  if (!book) return [];
  const series = await seriesOf(book.name, "ponds", pond);
  const places = texts(series, "date").map((_, i) => placeOf(diagram, byIon((name) => numbers(series, name)[i] ?? Number.NaN)));
  return places.filter((place) => place !== null);
}

async function aheadOf(diagram: Diagram, pond: string): Promise<Place[]> {
  const { days, series } = await answered(api.GET("/api/estimates/forecast", { params: { query: { pond } } }));
  const of = (name: string) => series.find((one) => one.quantity === name)?.middle ?? [];
  const places = days.map((_, i) => placeOf(diagram, byIon((name) => of(name)[i] ?? Number.NaN)));
  return places.filter((place) => place !== null);
}

async function labOf(diagram: Diagram, park: Park, pond: string, from_ms: number, to_ms: number): Promise<Track["lab"]> {
  const one = async (ion: string): Promise<[string, { time_ms: number; value: number }[]]> => {
    const tag = assayOf(park, pond, ion);
    if (!tag) return [ion, []];
    const query = { from: String(from_ms), to: String(to_ms) };
    const table = await answered(api.GET("/api/tags/{id}/series", { params: { path: { id: tag.id }, query }, parseAs: "text" }));
    return [ion, samplesOf(table)];
  };
  return dotsOf(diagram, new Map(await Promise.all(diagram.counted.map((ion) => one(ion.name)))));
}

/** All three; what cannot be asked for is empty. */
export async function trackOf(diagram: Diagram, park: Park, pond: string, now_ms: number): Promise<Track> {
  const [book, lab, ahead] = await Promise.all([
    bookOf(diagram, pond).catch(() => []),
    labOf(diagram, park, pond, now_ms - 90 * 86_400_000, now_ms),
    aheadOf(diagram, pond).catch(() => []),
  ]);
  return { book, lab, ahead };
}
