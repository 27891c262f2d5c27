// The flowsheet: units as boxes, streams as wide as they flow, both reached by Tab.

import { useMemo, type KeyboardEvent } from "react";
import { number, text } from "../../text/lang";
import { kindOf, laidOut, rounded, type Plant, type Stream } from "./layout";
import { w } from "./words";

/** A unit or a stream of the plant, by its index. */
export type Chosen = { is: "unit" | "stream"; at: number } | null;

interface Props {
  plant: Plant;
  factor: number;
  /** Whether all of it is to be seen at once, however small. */
  isWhole: boolean;
  chosen: Chosen;
  choose: (chosen: Chosen) => void;
}

/** Narrow enough to tell apart, wide enough to see: by the root of the flow. */
const widthOf = (stream: Stream, most: number): number => 1 + 4 * Math.sqrt(Math.max(0, stream.mass_t_h) / most);

/** A name that fits its box. */
const short = (name: string, room: number): string => {
  // Characters of Chinese are twice as wide.
  let width = 0;
  for (const [i, letter] of [...name].entries()) {
    width += /[\u2e80-\uffef]/.test(letter) ? 2 : 1;
    if (width > room) return `${[...name].slice(0, i).join("")}…`;
  }
  return name;
};

export function Sheet({ plant, factor, isWhole, chosen, choose }: Props) {
  const laid = useMemo(() => laidOut(plant), [plant]);
  const most = Math.max(1e-9, ...plant.streams.map((stream) => stream.mass_t_h));
  const isChosen = (is: "unit" | "stream", at: number) => chosen?.is === is && chosen.at === at;
  const press = (next: Chosen) => (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    choose(next);
  };
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={w.flowsheet()}>
      <svg className="flowsheet" {...(isWhole ? { width: "100%" } : { width: laid.width, height: laid.height })} viewBox={`0 0 ${laid.width} ${laid.height}`} role="group" aria-label={text(plant.name)}>
        <defs>
          <marker id="flow-end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">
            <path d="M0 0.5L8 4L0 7.5Z" />
          </marker>
        </defs>
        {plant.streams.map((stream, at) => {
          const { points, label } = laid.ways[at]!;
          const end = laid.ends[at];
          const said = w.streamSaid({ name: text(stream.name), mass: number(stream.mass_t_h * factor), t: number(stream.temperature_degc, 3) });
          const next: Chosen = { is: "stream", at };
          return (
            <g key={stream.id} className={`stream ${kindOf(stream)} ${stream.is_recycle ? "recycle" : ""} ${isChosen("stream", at) ? "chosen" : ""}`} role="button" tabIndex={0} aria-label={said} aria-pressed={isChosen("stream", at)} onClick={() => choose(next)} onKeyDown={press(next)}>
              <title>{said}</title>
              <path className="grip" d={rounded(points)} />
              <path className="way" d={rounded(points)} style={{ strokeWidth: widthOf(stream, most) }} markerEnd="url(#flow-end)" />
              <text className="figure" x={label[0]} y={label[1] + 4}>
                {number(stream.mass_t_h * factor, 3)}
              </text>
              {end && (
                <text className="end" x={stream.from == null ? end.x + end.width / 2 - 4 : end.x - end.width / 2 + 4} y={end.y + 4} textAnchor={stream.from == null ? "end" : "start"}>
                  {short(text(stream.name), 20)}
                </text>
              )}
            </g>
          );
        })}
        {plant.units.map((unit, at) => {
          const box = laid.units[at]!;
          const power = unit.electricity_kw == null ? w.unknown() : number(unit.electricity_kw * factor, 3);
          const heat = unit.heat_kw == null ? w.unknown() : number(unit.heat_kw * factor, 3);
          const said = w.unitSaid({ name: text(unit.name), power, heat });
          const next: Chosen = { is: "unit", at };
          return (
            <g key={unit.id} className={`unit ${isChosen("unit", at) ? "chosen" : ""}`} role="button" tabIndex={0} aria-label={said} aria-pressed={isChosen("unit", at)} onClick={() => choose(next)} onKeyDown={press(next)}>
              <title>{said}</title>
              <rect x={box.x - box.width / 2} y={box.y - box.height / 2} width={box.width} height={box.height} rx="3" />
              <text className="name" x={box.x} y={box.y - 4}>
                {short(text(unit.name), 20)}
              </text>
              <text className="figure" x={box.x} y={box.y + 14}>
                {unit.electricity_kw == null ? unit.kind : `${power} kW`}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}

export function Legend() {
  const kinds = [["liquid", w.liquid()], ["solid", w.solid()], ["gas", w.gas()], ["recycle", w.recycle()]] as const;
  return (
    <div className="row small faint flow-legend">
      {kinds.map(([kind, name]) => (
        <span key={kind} className="row">
          <svg width="34" height="8" aria-hidden="true" className="flowsheet">
            <g className={`stream ${kind === "recycle" ? "liquid recycle" : kind}`}>
              <path className="way" d="M1 4H33" style={{ strokeWidth: 3 }} />
            </g>
          </svg>
          {name}
        </span>
      ))}
    </div>
  );
}
