// The axis of days that all drawings of the page share, and today on it.

import { at, months, textOf, type Scale } from "./time";
import { w } from "./words";

/** Below this width ids stand where else names do. */
const NARROW = 640;

export const isNarrow = (width: number): boolean => width < NARROW;

/** The days of a plan on a drawing of some width; left of them stand names and figures. */
export const scaleOf = (from: number, to: number, width: number): Scale => ({ from, to, left: isNarrow(width) ? 96 : 176, right: width - 8 });

interface Props {
  scale: Scale;
  top: number;
  bottom: number;
  /** The plant's day. */
  today: number;
}

export function Axis({ scale, top, bottom, today }: Props) {
  const isWithin = today >= scale.from && today <= scale.to;
  const x = at(scale, today + 0.5);
  const isLate = x > scale.right - 50;
  return (
    <g className="axis" aria-hidden="true">
      {months(scale).map((day) => (
        <g key={day}>
          <line x1={at(scale, day)} x2={at(scale, day)} y1={top} y2={bottom} />
          <text x={at(scale, day) + 3} y={bottom + 13}>
            {textOf(day).slice(0, 7)}
          </text>
        </g>
      ))}
      {isWithin && (
        <g className="today">
          <line x1={x} x2={x} y1={top - 4} y2={bottom} />
          <text x={isLate ? x - 3 : x + 3} y={top - 5} textAnchor={isLate ? "end" : "start"}>
            {w.today()}
          </text>
        </g>
      )}
    </g>
  );
}
