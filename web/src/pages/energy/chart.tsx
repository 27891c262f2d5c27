// Hours drawn: layers, bands and lines of one unit over the steps of a plan. Values hold for their step, so everything is drawn in
// steps. The step that is pointed at is shared by all charts of the page.

import { useEffect, useId, useRef, useState } from "react";
import { hour, number, shortDay, unit as unitText } from "../../text/lang";
import { instant } from "./moments";
import type { Hatch, Paint } from "./paint";
import { thickFor, ticks } from "./stack";
import { w } from "./words";

/** The steps that all charts of a page share. */
export interface Steps {
  times: string[];
  stepMin: number;
  offsetH: number;
  /** The step that is looked at. */
  at: number;
  onAt: (step: number) => void;
  /** Where now is, in steps; may lie outside. */
  now: number;
}

type Values = (number | null)[];

export interface Mark {
  key: string;
  name: string;
  paint: Paint;
  /** An area between two courses. */
  area?: { from: Values; to: Values; isBand?: boolean; labelAt?: { step: number; power: number } };
  /** A line. */
  line?: Values;
  /** What is told of it; the line if left out. */
  told?: Values;
  /** Heading of its group in the legend. */
  group?: string;
}

/** What is told of a step: a number, or of a band both its ends. */
function said(mark: Mark, step: number, digits: number): string {
  const area = mark.area;
  if (area?.isBand && !mark.told) return `${number(area.from[step], digits)}–${number(area.to[step], digits)}`;
  return number((mark.told ?? mark.line)?.[step], digits);
}

interface Props {
  title: string;
  unit: string;
  steps: Steps;
  marks: Mark[];
  height?: number;
}

const LEFT = 52;
const BOTTOM = 22;
const TOP = 6;

function Lines({ hatch }: { hatch: Hatch }) {
  const stroke = { stroke: "var(--sheet)", strokeWidth: 1.4 };
  if (hatch === "rise") return <path d="M-2 8 8 -2M4 14 14 4M-2 -2" {...stroke} />;
  if (hatch === "fall") return <path d="M-2 2 8 12M4 -4 14 6" {...stroke} />;
  if (hatch === "flat") return <path d="M0 2.5H10M0 7.5H10" {...stroke} />;
  if (hatch === "cross") return <path d="M0 0 10 10M10 0 0 10" {...stroke} />;
  if (hatch === "dots") {
    return (
      <>
        <circle cx="2.5" cy="2.5" r="1.3" fill="var(--sheet)" />
        <circle cx="7.5" cy="7.5" r="1.3" fill="var(--sheet)" />
      </>
    );
  }
  return null;
}

function Patterns({ id, marks }: { id: string; marks: Mark[] }) {
  return (
    <defs>
      {marks.map((mark, i) => (
        <pattern key={mark.key} id={`${id}${i}`} width="10" height="10" patternUnits="userSpaceOnUse">
          <rect width="10" height="10" fill={`var(${mark.paint.colour})`} />
          <Lines hatch={mark.paint.hatch} />
        </pattern>
      ))}
    </defs>
  );
}

/** A course in steps; gaps part it. */
function course(values: Values, x: (step: number) => number, y: (value: number) => number): string {
  let path = "";
  let isOpen = false;
  values.forEach((value, step) => {
    if (value === null || !Number.isFinite(value)) {
      isOpen = false;
      return;
    }
    path += `${isOpen ? "L" : "M"}${x(step).toFixed(1)} ${y(value).toFixed(1)}H${x(step + 1).toFixed(1)}`;
    isOpen = true;
  });
  return path;
}

/** An area between two courses, a piece for each run of steps that both are known for. */
function between(from: Values, to: Values, x: (step: number) => number, y: (value: number) => number): string {
  const isKnown = (step: number) => from[step] != null && to[step] != null;
  let path = "";
  for (let first = 0; first < to.length; first++) {
    if (!isKnown(first)) continue;
    let end = first;
    while (end < to.length && isKnown(end)) end++;
    const there = Array.from({ length: end - first }, (_, k) => `${x(first + k).toFixed(1)} ${y(to[first + k]!).toFixed(1)}H${x(first + k + 1).toFixed(1)}`);
    const back = Array.from({ length: end - first }, (_, k) => `${x(end - k).toFixed(1)} ${y(from[end - k - 1]!).toFixed(1)}H${x(end - k - 1).toFixed(1)}`);
    path += `M${there.join("L")}L${back.join("L")}Z`;
    first = end;
  }
  return path;
}

/** Least and greatest of all that is drawn, zero among it. */
function span(marks: Mark[]): [low: number, high: number] {
  const all = marks.flatMap((mark) => [...(mark.area ? [...mark.area.from, ...mark.area.to] : []), ...(mark.line ?? [])]);
  const known = all.filter((value): value is number => value !== null && Number.isFinite(value));
  const low = known.reduce((a, b) => Math.min(a, b), 0);
  const high = known.reduce((a, b) => Math.max(a, b), 0);
  return high > low ? [low, high] : [low, low + 1];
}

export function Swatch({ paint, id, isLine }: { paint: Paint; id?: string; isLine: boolean }) {
  return (
    <svg width="18" height="12" aria-hidden="true">
      {isLine ? <path d="M0 6H18" stroke={`var(${paint.colour})`} strokeWidth="2.5" strokeDasharray={paint.dash} /> : <rect width="18" height="12" fill={id ? `url(#${id})` : `var(${paint.colour})`} />}
    </svg>
  );
}

function Legend({ id, marks, at, unit }: { id: string; marks: Mark[]; at: number; unit: string }) {
  const groups = [...new Set(marks.map((mark) => mark.group))];
  return (
    <div className="legend">
      {groups.map((group) => (
        <ul key={group ?? ""} aria-label={group}>
          {group && (
            <li className="faint" aria-hidden="true">
              {group}
            </li>
          )}
          {marks.map((mark, i) =>
            mark.group === group ? (
              <li key={mark.key}>
                <Swatch paint={mark.paint} id={`${id}${i}`} isLine={!mark.area} />
                {mark.name} <b className="number">{said(mark, at, 3)}</b> <span className="faint">{unitText(unit)}</span>
              </li>
            ) : null,
          )}
        </ul>
      ))}
    </div>
  );
}

function Table({ title, unit, steps, marks }: { title: string; unit: string; steps: Steps; marks: Mark[] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="small">{w.asTable({ title })}</summary>
      {isOpen && (
        <div className="scroll hours" tabIndex={0} role="region" aria-label={title}>
          <table>
            <thead>
              <tr>
                <th>{w.time()}</th>
                {marks.map((mark) => (
                  <th key={mark.key} className="number">{`${mark.name} [${unitText(unit) || "1"}]`}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {steps.times.map((time, step) => (
                <tr key={time}>
                  <td className="number">{time.replace("T", " ")}</td>
                  {marks.map((mark) => (
                    <td key={mark.key} className="number">
                      {said(mark, step, 4)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}

/** Room for a name in an area, px. */
const NAME_PX = 15;
/** Least width of a day in which names find room, px. */
const NAMED_DAY_PX = 140;
/** About how wide a name is drawn, px: Chinese letters are twice as wide. */
const nameWidth = (name: string): number => [...name].reduce((sum, letter) => sum + (letter > "\u2e7f" ? 13 : 7), 0);

export function Chart({ title, unit, steps, marks, height = 150 }: Props) {
  const id = useId();
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  const count = steps.times.length;
  const [low, high] = span(marks);
  const x = (step: number) => LEFT + ((width - LEFT) * step) / Math.max(1, count);
  const dayPx = x((24 * 60) / steps.stepMin) - x(0);
  const y = (value: number) => TOP + ((height - BOTTOM - TOP) * (high - value)) / (high - low);
  const point = (clientX: number) => {
    const box = place.current!.getBoundingClientRect();
    const step = Math.floor(((clientX - box.left - LEFT) / (width - LEFT)) * count);
    steps.onAt(Math.max(0, Math.min(count - 1, step)));
  };
  return (
    <div className="hours-chart">
      <div ref={place}>
        {width > 50 && (
          <svg width={width} height={height} role="img" aria-label={title} onPointerMove={(event) => point(event.clientX)} onPointerDown={(event) => point(event.clientX)}>
            <Patterns id={id} marks={marks} />
            {ticks(low, high, Math.max(3, height / 45)).map((tick) => (
              <g key={tick}>
                <path className={Math.abs(tick) < 1e-9 ? "zero" : "grid"} d={`M${LEFT} ${y(tick).toFixed(1)}H${width}`} />
                <text className="tick" x={LEFT - 6} y={y(tick) + 4} textAnchor="end">
                  {number(tick, 4)}
                </text>
              </g>
            ))}
            <Days steps={steps} x={x} height={height} width={width} />
            <rect className="at" x={x(steps.at)} y={TOP} width={Math.max(1, x(1) - x(0))} height={height - BOTTOM - TOP} />
            {marks.map((mark, i) => mark.area && <path key={mark.key} d={between(mark.area.from, mark.area.to, x, y)} fill={`url(#${id}${i})`} className={mark.area.isBand ? "band" : "layer"} />)}
            {marks.map((mark) => mark.line && <path key={mark.key} d={course(mark.line, x, y)} fill="none" stroke={`var(${mark.paint.colour})`} strokeWidth="2" strokeDasharray={mark.paint.dash} />)}
            {marks.map((mark) => {
              const label = mark.area?.labelAt;
              if (!label || dayPx < NAMED_DAY_PX) return null;
              const enough = (NAME_PX * (high - low)) / (height - BOTTOM - TOP);
              const [first, last] = thickFor(mark.told ?? [], label.step, enough);
              if ((last - first) * (x(1) - x(0)) < 0.9 * nameWidth(mark.name)) return null;
                            const half = nameWidth(mark.name) / 2;
              const px = Math.max(LEFT + half + 4, Math.min(width - half - 4, x((first + last) / 2)));
              const under = Math.min(count - 1, Math.floor(((px - LEFT) / (width - LEFT)) * count));
              return (
                <text key={mark.key} className="name-of" x={px} y={y((mark.area!.from[under]! + mark.area!.to[under]!) / 2) + 4} textAnchor="middle">
                  {mark.name}
                </text>
              );
            })}
            {steps.now > 0 && steps.now < count && <path className="now" d={`M${x(steps.now).toFixed(1)} ${TOP}V${height - BOTTOM}`} />}
          </svg>
        )}
      </div>
      <Legend id={id} marks={marks} at={steps.at} unit={unit} />
      <Table title={title} unit={unit} steps={steps} marks={marks} />
    </div>
  );
}

/** Room for the name of a day and half that of an hour, px. */
const DAY_PX = 80;

/** Days and hours along the bottom. */
function Days({ steps, x, height, width }: { steps: Steps; x: (step: number) => number; height: number; width: number }) {
  const perDay = (24 * 60) / steps.stepMin;
  const dayPx = x(perDay) - x(0);
  const everyH = dayPx > 320 ? 3 : dayPx > 160 ? 6 : dayPx > 90 ? 12 : 24;
  const everyDays = Math.max(1, Math.ceil(56 / dayPx));
  const marks = steps.times.flatMap((time, step) => {
    const [clock, minute] = [Number(time.slice(11, 13)), time.slice(14, 16)];
    if (minute !== "00" || clock % everyH !== 0) return [];
    const isDay = clock === 0;
    if (isDay && Math.round(step / perDay) % everyDays !== 0) return [];
    // An hour's name keeps clear of its day's.
    if (!isDay && (clock / 24) * dayPx < DAY_PX) return [];
    const ms = instant(time, steps.offsetH);
    return [{ step, isDay, text: isDay ? shortDay(ms) : hour(ms) }];
  });
  return (
    <>
      {marks.map(({ step, isDay, text }) => (
        <g key={step}>
          <path className={isDay ? "day" : "grid"} d={`M${x(step).toFixed(1)} ${TOP}V${height - BOTTOM}`} />
          {x(step) < width - 20 && (
            <text className="tick" x={x(step) + (isDay ? 2 : 0)} y={height - 6} textAnchor={isDay ? "start" : "middle"}>
              {text}
            </text>
          )}
        </g>
      ))}
    </>
  );
}
