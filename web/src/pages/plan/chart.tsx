// The Gantt chart: a row a harvest, flow or plant. Bars of harvests are buttons that can be moved.

import { useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { number, percent, text, unit } from "../../text/lang";
import { Axis, isNarrow } from "./axis";
import { moveOf, room, within, type Bar, type Move, type Of, type Plan, type Row } from "./gantt";
import { at, dayOf, daysOf, later, textOf, type Scale } from "./time";
import { w } from "./words";

const ROW = 22;
const HEAD = 20;
const TOP = 16;
/** Pixels of dragging that are still a click. */
const CLICK = 3;

interface Props {
  plan: Plan;
  rows: Row[];
  scale: Scale;
  today: number;
  /** Harvests that are moved. */
  moves: readonly Move[];
  /** The bar that is chosen. */
  chosen: string;
  /** Chooses a bar, and moves it. */
  setMove: (bar: Bar, move: Move) => void;
  /** Asks why nothing is done somewhere. */
  ask: (of: Of, id: string, day: string) => void;
}

export const amountOf = (of: Of, bar: Bar): string =>
  of === "plant" ? w.load({ share: percent(bar.amount) }) : `${number(bar.amount, 3)} ${unit(bar.unit)}`;

export function Chart({ plan, rows, scale, today, moves, chosen, setMove, ask }: Props) {
  const [drag, setDrag] = useState<{ key: string; x: number; days: number } | null>(null);
  const wasDragged = useRef(false);
  const heads = new Set<Of>();
  let y = TOP;
  const placed = rows.map((row) => {
    const isFirst = !heads.has(row.of);
    heads.add(row.of);
    if (isFirst) y += HEAD;
    const top = y;
    y += ROW;
    return { row, top, isFirst };
  });
  const bottom = y;

  const daysFor = (row: Row, bar: Bar) => (row.of === "harvest" ? (moveOf(moves, row.id, bar)?.days ?? 0) : 0);
  const put = (row: Row, bar: Bar, days: number) => setMove(bar, { id: row.id, from: bar.from, to: bar.to, days: within(days, room(plan, bar)) });

  const keys = (row: Row, bar: Bar) => (event: KeyboardEvent) => {
    const step = event.shiftKey ? 7 : 1;
    const by = { ArrowLeft: -step, ArrowRight: step, Enter: 0, " ": 0, Escape: -daysFor(row, bar) }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    put(row, bar, daysFor(row, bar) + by);
  };
  const take = (row: Row, bar: Bar) => (event: PointerEvent<SVGGElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    wasDragged.current = false;
    setDrag({ key: bar.key, x: event.clientX, days: daysFor(row, bar) });
  };
  const pull = (row: Row, bar: Bar) => (event: PointerEvent) => {
    if (drag?.key !== bar.key) return;
    const by = event.clientX - drag.x;
    if (Math.abs(by) <= CLICK && !wasDragged.current) return;
    wasDragged.current = true;
    put(row, bar, drag.days + daysOf(scale, by));
  };
  const drop = (row: Row, bar: Bar) => () => {
    if (!wasDragged.current) put(row, bar, daysFor(row, bar));
    setDrag(null);
  };

  return (
    <svg className="gantt" width={scale.right + 8} height={bottom + 20} role="group" aria-label={w.gantt()}>
      <Axis scale={scale} top={TOP} bottom={bottom} today={today} />
      {placed.map(({ row, top, isFirst }) => (
        <g key={`${row.of} ${row.id}`} className={`line ${row.of}`}>
          {isFirst && (
            <text className="head" x={0} y={top - 6}>
              {w[row.of]()}
            </text>
          )}
          <rect
            className="ground"
            x={scale.left}
            y={top}
            width={scale.right - scale.left}
            height={ROW - 2}
            onClick={(event) => {
              const left = event.currentTarget.getBoundingClientRect().left;
              ask(row.of, row.id, textOf(scale.from + Math.floor(((event.clientX - left) / (scale.right - scale.left)) * (scale.to + 1 - scale.from))));
            }}
          />
          <text className="name" x={scale.left - 8} y={top + 14} textAnchor="end">
            <title>{`${text(row.name)} (${row.id})`}</title>
            {isNarrow(scale.right) ? shortened(text(row.name), 13) : shortened(text(row.name), 23)}
          </text>
          {row.bars.map((bar) => {
            const days = daysFor(row, bar);
            const [left, right] = [at(scale, dayOf(bar.from) + days), at(scale, dayOf(bar.to) + days + 1)];
            const said = w.bar({ name: `${text(row.name)} (${row.id})`, from: bar.from, to: bar.to, amount: amountOf(row.of, bar) });
            const where = { x: left, y: top + 3, width: Math.max(2, right - left), height: ROW - 8, rx: 2 };
            if (row.of !== "harvest") {
              return (
                <rect key={bar.key} className="bar" {...where} style={row.of === "plant" ? { fillOpacity: 0.2 + 0.8 * Math.min(1, bar.amount) } : undefined}>
                  <title>{said}</title>
                </rect>
              );
            }
            const label = days === 0 ? said : w.moved({ name: `${text(row.name)} (${row.id})`, days: signed(days), from: later(bar.from, days), to: later(bar.to, days) });
            return (
              <g key={bar.key}>
                {days !== 0 && <rect className="was" {...where} x={at(scale, dayOf(bar.from))} />}
                <g
                  role="button"
                  tabIndex={0}
                  aria-label={label}
                  aria-pressed={bar.key === chosen}
                  className={`bar ${bar.key === chosen ? "chosen" : ""}`}
                  onKeyDown={keys(row, bar)}
                  onPointerDown={take(row, bar)}
                  onPointerMove={pull(row, bar)}
                  onPointerUp={drop(row, bar)}
                  onPointerCancel={() => setDrag(null)}
                >
                  <title>{label}</title>
                  <rect {...where} />
                </g>
              </g>
            );
          })}
        </g>
      ))}
    </svg>
  );
}

export const signed = (days: number): string => (days > 0 ? `+${days}` : days < 0 ? `−${-days}` : "0");

/** A name that fits beside its row. */
function shortened(name: string, letters: number): string {
  const wide = /[\u4e00-\u9fff]/.test(name) ? Math.round(letters / 2) : letters;
  return name.length > wide ? `${name.slice(0, wide - 1)}…` : name;
}

export function AsTable({ rows }: { rows: Row[] }) {
  return (
    <details>
      <summary className="small">{w.asTable()}</summary>
      <div className="scroll" style={{ maxHeight: "50vh" }} tabIndex={0} role="group" aria-label={w.gantt()}>
        <table>
          <thead>
            <tr>
              <th>{w.what()}</th>
              <th className="number">{w.from()}</th>
              <th className="number">{w.until()}</th>
              <th className="number">{w.amount()}</th>
            </tr>
          </thead>
          <tbody>
            {rows.flatMap((row) =>
              row.bars.map((bar) => (
                <tr key={`${row.of} ${bar.key}`}>
                  <td>
                    {text(row.name)} <span className="faint small">{row.id}</span>
                  </td>
                  <td className="number">{bar.from}</td>
                  <td className="number">{bar.to}</td>
                  <td className="number">{amountOf(row.of, bar)}</td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </div>
    </details>
  );
}
