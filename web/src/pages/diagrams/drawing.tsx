// The paper: fields, lines, points, the path of a brine, ponds, and the composition that is dragged.

import { useRef, type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import { list, number, percent, text } from "../../text/lang";
import { formula } from "./formula";
import { middleOf, pathData, sharesAt, type Diagram, type Place, type Sheet } from "./paper";
import { w } from "./words";

interface Props {
  diagram: Diagram;
  sheet: Sheet;
  title: string;
  /** How many times it is enlarged, and around which place. */
  times: number;
  around: Place;
  children?: ReactNode;
}

const nameOf = (diagram: Diagram, solid: number): string => text(diagram.solids[solid]!.name);
export const namesOf = (diagram: Diagram, solids: readonly number[]): string => solids.map((solid) => nameOf(diagram, solid)).join(" + ");

function Fields({ diagram, sheet }: { diagram: Diagram; sheet: Sheet }) {
  return (
    <>
      {diagram.fields.map((field) => (
        <path key={field.solid} className={`field tint-${diagram.solids[field.solid]!.tint}`} fillRule="evenodd" d={field.outlines.map((outline) => pathData(outline.map(sheet.at as never), true)).join("")}>
          <title>{w.field({ solid: nameOf(diagram, field.solid) })}</title>
        </path>
      ))}
      {diagram.blank.map((outline, i) => (
        <path key={i} className="blank" d={pathData(outline.map(sheet.at as never), true)} />
      ))}
    </>
  );
}

function Waters({ diagram, sheet }: { diagram: Diagram; sheet: Sheet }) {
  return (
    <>
      {diagram.waters.flatMap((line) =>
        line.pieces.map((piece, i) => {
          const pixels = piece.map(sheet.at as never) as Place[];
          const middle = middleOf(pixels);
          return (
            <g key={`${line.water_mol} ${i}`} className="water">
              <path d={pathData(pixels, false)} />
              {middle && middle.length > 60 && (
                <text x={middle.at[0]} y={middle.at[1]} dy="0.3em">
                  {number(line.water_mol)}
                </text>
              )}
            </g>
          );
        }),
      )}
    </>
  );
}

function Lines({ diagram, sheet, times }: { diagram: Diagram; sheet: Sheet; times: number }) {
  return (
    <>
      {diagram.lines.map((line, i) => {
        const pixels = line.points.map(sheet.at as never) as Place[];
        const middle = middleOf(pixels);
        return (
          <g key={i}>
            <path className={line.both ? "line" : "line folded"} d={pathData(pixels, false)} />
            {line.both && middle && middle.length * times > 26 && (
              <path className="arrow" d="M-4 -3.5L4 0L-4 3.5Z" transform={`translate(${middle.at[0].toFixed(2)} ${middle.at[1].toFixed(2)}) rotate(${middle.towards.toFixed(0)}) scale(${1 / times})`} />
            )}
          </g>
        );
      })}
      {diagram.curves.map((curve, i) => {
        const pixels = curve.points.map(sheet.at as never) as Place[];
        const middle = middleOf(pixels);
        const name = curve.solid == null ? w.ice() : nameOf(diagram, curve.solid);
        return (
          <g key={i}>
            <path className={`curve ${curve.solid == null ? "ice" : `series-${(i % 6) + 1}`}`} d={pathData(pixels, false)}>
              <title>{name}</title>
            </path>
            {middle && middle.length > 20 && (
              <text className="name" x={middle.at[0]} y={middle.at[1]} dx="0.6em" dy="-0.4em" textAnchor="start">
                {name}
              </text>
            )}
          </g>
        );
      })}
    </>
  );
}

/** Names of fields that have room for them. */
function Names({ diagram, sheet, times }: { diagram: Diagram; sheet: Sheet; times: number }) {
  const scale = times * (sheet.at([1, 0])[0] - sheet.at([0, 0])[0]);
  return (
    <>
      {diagram.fields
        .filter((field) => field.room * scale > 9)
        .map((field) => {
          const [x, y] = sheet.at(field.centre as never);
          return (
            <text key={field.solid} className="name" x={x} y={y} dy="0.3em" textAnchor="middle">
              {nameOf(diagram, field.solid)}
            </text>
          );
        })}
    </>
  );
}

function Points({ diagram, sheet }: { diagram: Diagram; sheet: Sheet }) {
  return (
    <>
      {diagram.points.map((point, i) => {
        const [x, y] = sheet.at(point.place as never);
        return (
          <g key={i} className="point">
            <circle cx={x} cy={y}>
              <title>{w.point({ solids: namesOf(diagram, point.solids), a: number(point.brine.water_activity, 4), rho: number(point.brine.density_kg_m3, 4) })}</title>
            </circle>
            <text x={x} y={y} dx="0.5em" dy="-0.4em">
              {i + 1}
            </text>
          </g>
        );
      })}
    </>
  );
}

function Frame({ diagram, sheet }: { diagram: Diagram; sheet: Sheet }) {
  const [a, b, c] = sheet.border as [Place, Place, Place];
  const corner = (i: number) => formula(diagram.corners[i] ?? "");
  const ticks = [0.2, 0.4, 0.6, 0.8].map((share) => share * sheet.most);
  if (diagram.paper === "triangle") {
    const along = (from: Place, to: Place, share: number): Place => [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
    return (
      <g className="frame-of">
        <path d={pathData(sheet.border, true)} />
        <text x={a[0]} y={a[1]} dy="1.4em" textAnchor="middle" className="corner">{corner(0)}</text>
        <text x={b[0]} y={b[1]} dy="1.4em" textAnchor="middle" className="corner">{corner(1)}</text>
        <text x={c[0]} y={c[1]} dy="-0.7em" textAnchor="middle" className="corner">{corner(2)}</text>
        {ticks.map((share) => {
          const [below, right, left] = [along(a, b, share), along(b, c, share), along(c, a, share)];
          return (
            <g key={share}>
              <text x={below[0]} y={below[1]} dy="1.4em" textAnchor="middle">{percent(share)}</text>
              <text x={right[0]} y={right[1]} dx="0.6em">{percent(share)}</text>
              <text x={left[0]} y={left[1]} dx="-0.6em" textAnchor="end">{percent(share)}</text>
            </g>
          );
        })}
      </g>
    );
  }
  const [, , , d] = sheet.border as [Place, Place, Place, Place];
  const isLine = diagram.paper === "line";
  return (
    <g className="frame-of">
      <path d={pathData(sheet.border, true)} />
      {isLine ? (
        <>
          <text x={b[0]} y={b[1]} dy="2.2em" textAnchor="end" className="corner">{corner(0)}</text>
          <text x={d[0]} y={d[1]} dy="-0.7em" textAnchor="start" className="corner">{corner(1)}</text>
        </>
      ) : (
        <>
          <text x={a[0]} y={a[1]} dy="2.2em" textAnchor="start" className="corner">{corner(0)}</text>
          <text x={b[0]} y={b[1]} dy="2.2em" textAnchor="end" className="corner">{corner(1)}</text>
          <text x={d[0]} y={d[1]} dy="-0.7em" textAnchor="start" className="corner">{corner(2)}</text>
          <text x={c[0]} y={c[1]} dy="-0.7em" textAnchor="end" className="corner">{corner(3)}</text>
        </>
      )}
      {ticks.map((share) => {
        const [below, left] = [sheet.at([share, 0]), sheet.at([0, share])];
        return (
          <g key={share}>
            <text x={below[0]} y={below[1]} dy="1.4em" textAnchor="middle">{percent(share, 3)}</text>
            <text x={left[0]} y={left[1]} dx="-0.6em" dy="0.3em" textAnchor="end">{percent(share, 3)}</text>
          </g>
        );
      })}
    </g>
  );
}

/** What is seen of the sheet: the whole, or a part around a place that stays on it. */
export function windowOf(sheet: Sheet, times: number, around: Place): [left: number, top: number, width: number, height: number] {
  const [x, y] = sheet.at(around);
  const [width, height] = [sheet.width / times, sheet.height / times];
  const within = (middle: number, part: number, whole: number) => Math.min(whole - part, Math.max(0, middle - part / 2));
  return [within(x, width, sheet.width), within(y, height, sheet.height), width, height];
}

/** The paper with everything on it that the system itself says. */
export function Drawing({ diagram, sheet, title, times, around, children }: Props) {
  return (
    <svg className="phase" viewBox={windowOf(sheet, times, around).map((n) => n.toFixed(2)).join(" ")} style={{ "--k": 1 / times } as CSSProperties} role="group" aria-label={title}>
      <Fields diagram={diagram} sheet={sheet} />
      <Waters diagram={diagram} sheet={sheet} />
      <Lines diagram={diagram} sheet={sheet} times={times} />
      <Frame diagram={diagram} sheet={sheet} />
      <Names diagram={diagram} sheet={sheet} times={times} />
      <Points diagram={diagram} sheet={sheet} />
      {children}
    </svg>
  );
}

const KEYS: Record<string, Place> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

interface HandleProps {
  diagram: Diagram;
  sheet: Sheet;
  times: number;
  place: Place;
  first: string;
  move: (place: Place) => void;
}

/** The composition that is asked about: dragged, or moved by keys. */
export function Handle({ diagram, sheet, times, place, first, move }: HandleProps) {
  const held = useRef(false);
  const [x, y] = sheet.at(place);
  const pixel = (event: PointerEvent<SVGElement>): Place => {
    const svg = event.currentTarget.ownerSVGElement ?? (event.currentTarget as unknown as SVGSVGElement);
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM()!.inverse());
    return [at.x, at.y];
  };
  const key = (event: KeyboardEvent) => {
    const [dx, dy] = KEYS[event.key] ?? [0, 0];
    if (dx === 0 && dy === 0) return;
    event.preventDefault();
    const step = (event.shiftKey ? 20 : 4) / times;
    move(sheet.from([x + step * dx, y + step * dy]));
  };
  const shares = sharesAt(diagram, place).map(({ name, share }) => `${formula(name)} ${percent(share, 3)}`);
  return (
    <g
      className="handle"
      role="slider"
      tabIndex={0}
      aria-label={w.move()}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(100 * place[0])}
      aria-valuetext={w.handle({ shares: list(shares), first })}
      onKeyDown={key}
      onPointerDown={(event) => {
        held.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => held.current && move(sheet.from(pixel(event)))}
      onPointerUp={() => (held.current = false)}
      onPointerCancel={() => (held.current = false)}
    >
      <circle className="grip" cx={x} cy={y} />
      <circle className="ring" cx={x} cy={y} />
      <circle className="dot" cx={x} cy={y} />
    </g>
  );
}

/** A line of places with a name: a path, or the way of a pond. */
export function Track({ sheet, places, className }: { sheet: Sheet; places: readonly Place[]; className: string }) {
  return <path className={`track ${className}`} d={pathData(places.map(sheet.at), false)} />;
}
