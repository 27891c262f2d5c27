// What lessons take from the last night's measured book.

import { answered, api } from "../../api/client";
import { evaporating, type Evaporating } from "./sums";

export interface Book {
  name: string;
  from: string;
  to: string;
  ponds: Evaporating[];
}

/** The last measured book; null before the first night. */
export async function lastBook(): Promise<Book | null> {
  const { runs } = await answered(api.GET("/api/runs"));
  const book = runs.find((run) => run.kind === "measured");
  if (!book) return null;
  const { columns } = await answered(api.GET("/api/runs/{name}/series", { params: { path: { name: book.name }, query: { frame: "ponds" } } }));
  return { name: book.name, from: book.from, to: book.to, ponds: evaporating(columns) };
}
