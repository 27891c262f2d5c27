// What the plant did by the measured book of the last night: the model with the salt that the ponds really hold.

import { answered, api, type Schema } from "../../api/client";
import { measuredBook, numbers, seriesOf } from "../../api/runs";
import type { Plant } from "./layout";

export interface Night {
  day: string;
  /** t/h, t/h, MW, means of the day. */
  feed: number;
  product: number;
  power: number;
}

type Circulation = Schema["CirculationView"];

/** What left a plant by its products alone, in the unit of the flows. */
export function madeBy(plant: Plant, flows: Circulation): number {
  const products = new Set(plant.streams.filter((stream) => stream.to == null && stream.role === "product").map((stream) => `${plant.id}.${stream.id}`));
  return flows.links
    .filter((link) => flows.nodes[link.from]!.id === plant.id && link.streams.every((stream) => products.has(stream)))
    .reduce((sum, link) => sum + link.amount, 0);
}

/** Of the last measured book that has the plant; null where there is none. */
export async function lastNight(plant: Plant): Promise<Night | null> {
  const book = await measuredBook();
  if (!book) return null;
  const [series, flows] = await Promise.all([
    seriesOf(book.name, "plants", plant.id),
    answered(api.GET("/api/runs/{name}/circulation", { params: { path: { name: book.name }, query: { carrier: "mass", from: book.to, to: book.to } } })),
  ]);
  const last = (name: string) => numbers(series, name).at(-1) ?? Number.NaN;
  return { day: book.to, feed: last("lead_feed") / 24, product: madeBy(plant, flows) / 24, power: last("electricity") / 24 };
}
