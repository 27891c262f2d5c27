// What is written on a pond: its name, its figure, and the flag of its worst alarm.

import { priorityLetter, type PriorityName } from "../../parts/priority";
import { widthOf } from "../../text/width";
import type { Point } from "./layout";

interface Props {
  id: string;
  name: string;
  /** Its figure, or its stage. */
  said: string;
  shape: Point[];
  /** The height of a line of text on the map. */
  size: number;
  /** The priority of its worst alarm, if it has one. */
  priority: PriorityName | undefined;
}

export function Caption({ id, name, said, shape, size, priority }: Props) {
  const [xs, ys] = [shape.map(([x]) => x), shape.map(([, y]) => y)];
  const [left, top, bottom] = [Math.min(...xs), Math.min(...ys), Math.max(...ys)];
  const [room, high] = [Math.max(...xs) - left, bottom - top];
  const x = xs.reduce((a, b) => a + b) / xs.length;
  const letter = Math.min(size * 1.15, room / (widthOf(name) + 1));
  const label = letter < size * 0.62 ? id : name;
  const fits = Math.min(size * 1.15, high / 1.3, room / (Math.max(widthOf(label), widthOf(said)) + 1));
  // A pond that is too flat for two lines has its figure on the first, beside its id.
  const isFlat = high < 2.6 * fits;
  return (
    <g className="caption" aria-hidden="true">
      <text x={x} y={isFlat ? (top + bottom) / 2 + fits * 0.35 : top + fits * 1.25} fontSize={fits}>
        {isFlat ? `${id} ${said}` : label}
      </text>
      {!isFlat && (
        <text x={x} y={top + fits * 2.4} fontSize={fits} className="said">
          {said}
        </text>
      )}
      {priority && (
        <g className={`flag ${priority}`} transform={`translate(${left + size * 0.9} ${bottom - size * 0.9})`}>
          <rect x={-size * 0.7} y={-size * 0.7} width={size * 1.4} height={size * 1.4} rx={size * 0.2} />
          <text y={size * 0.4} fontSize={size * 1.05}>
            {priorityLetter(priority)}
          </text>
        </g>
      )}
    </g>
  );
}
