// How each kind of unit is drawn: a colour and a hatch, so that neither has to be told from the other by colour alone.

export type Hatch = "none" | "rise" | "fall" | "dots" | "flat" | "cross";

export interface Paint {
  /** A token of the look. */
  colour: string;
  hatch: Hatch;
  dash?: string;
}

const OF: Record<string, Paint> = {
  pv: { colour: "--series-2", hatch: "none" },
  wind: { colour: "--series-1", hatch: "rise" },
  solar_field: { colour: "--series-2", hatch: "cross" },
  hydro: { colour: "--series-6", hatch: "dots" },
  made: { colour: "--series-4", hatch: "fall" },
  taken: { colour: "--series-4", hatch: "dots" },
  discharge: { colour: "--series-3", hatch: "fall" },
  charge: { colour: "--series-3", hatch: "rise" },
  level: { colour: "--series-3", hatch: "none" },
  fuel: { colour: "--series-5", hatch: "cross" },
  import: { colour: "--series-5", hatch: "dots" },
  export: { colour: "--series-5", hatch: "flat" },
  line: { colour: "--line-strong", hatch: "flat" },
  shortage: { colour: "--critical", hatch: "cross" },
  demand: { colour: "--brine-deep", hatch: "none" },
  hall: { colour: "--series-6", hatch: "flat" },
};

export const paintOf = (kind: string): Paint => OF[kind] ?? { colour: "--line-strong", hatch: "none" };

/** Lines of one chart, told apart by their dashes as well. */
const DASHES = [undefined, "6 3", "2 3", "8 3 2 3"];
export const linePaint = (index: number): Paint => ({ colour: `--series-${(index % 6) + 1}`, hatch: "none", dash: DASHES[index % DASHES.length] });
