// Rows of the folder in the page's language.

import { list } from "../../text/lang";
import { placesOf } from "./places";
import { w } from "./words";

export const said = (places: readonly string[]): string =>
  placesOf(places)
    .map(({ file, rows }) => (rows.length === 0 ? file : (rows.length > 1 ? w.rows : w.row)({ file, rows: list(rows.map(String)) })))
    .join("; ");
