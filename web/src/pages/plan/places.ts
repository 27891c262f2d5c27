// Rows of the folder, as short as they can be told: those of one file together.

const ROW = /^(.+), row (\d+)(?:, .*)?$/;

export interface Place {
  file: string;
  /** Rows, rising; none where the whole file is meant. */
  rows: number[];
}

export function placesOf(places: readonly string[]): Place[] {
  const found: Place[] = [];
  for (const text of places) {
    const [, file = text, row] = ROW.exec(text) ?? [];
    let place = found.find((one) => one.file === file);
    if (!place) found.push((place = { file, rows: [] }));
    if (row && !place.rows.includes(Number(row))) place.rows.push(Number(row));
  }
  for (const place of found) place.rows.sort((a, b) => a - b);
  return found;
}
