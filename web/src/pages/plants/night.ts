// What the plant did by the measured book of the last night: the model with the salt that the ponds really hold.

import { answered, api, type Schema } from "../../api/client";
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
  const { runs } = await answered(api.GET("/api/runs"));
  const book = runs.find((run) => run.kind === "measured");
  if (!book) return null;
  const path = { name: book.name };
  const [{ columns }, flows] = await Promise.all([
    answered(api.GET("/api/runs/{name}/series", { params: { path, query: { frame: "plants", of: plant.id } } })),
    answered(api.GET("/api/runs/{name}/circulation", { params: { path, query: { carrier: "mass", from: book.to, to: book.to } } })),
  ]);
  const last = (name: string) => columns.find((column) => column.name === name)?.numbers.at(-1) ?? Number.NaN;
  return { day: book.to, feed: last("lead_feed") / 24, product: madeBy(plant, flows) / 24, power: last("electricity") / 24 };
}
