// What a measure was by the measured book of the last night: what no instrument tells, day by day.

import { measuredBook, numbers, seriesOf, texts, type Series } from "../../api/runs";
import type { Measure } from "./measure";

/** Values by pond of each day of the book. */
export interface BookDay {
  day: string;
  values: Map<string, number>;
}

/** Days of a series that has a row for each day and pond. */
export function daysOf(series: Series, name: string): BookDay[] {
  const [ponds, values] = [texts(series, "pond"), numbers(series, name)];
  const days = new Map<string, BookDay>();
  texts(series, "date").forEach((day, i) => {
    if (!days.has(day)) days.set(day, { day, values: new Map() });
    days.get(day)!.values.set(ponds[i]!, values[i] ?? Number.NaN);
  });
  return [...days.values()].sort((a, b) => a.day.localeCompare(b.day));
}

/** Days of the newest measured book, the last one last; none before the first night. */
export async function bookDays(measure: Measure): Promise<BookDay[]> {
  if (!measure.column) return [];
  const book = await measuredBook();
  return book ? daysOf(await seriesOf(book.name, "ponds"), measure.column.name) : [];
}
