// What lessons take from the last night's measured book.

import { measuredBook, seriesOf } from "../../api/runs";
import { evaporating, type Evaporating } from "./sums";

export interface Book {
  name: string;
  from: string;
  to: string;
  ponds: Evaporating[];
}

/** The last measured book; null before the first night. */
export async function lastBook(): Promise<Book | null> {
  const book = await measuredBook();
  if (!book) return null;
  return { name: book.name, from: book.from, to: book.to, ponds: evaporating(await seriesOf(book.name, "ponds")) };
}
