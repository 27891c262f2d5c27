// What lies at the base and in far warehouses, against the room there is.

import { seriesOf } from "../../api/runs";
import { useAsked } from "../../api/use";
import { Panel } from "../../parts/panel";
import { Problem } from "../../parts/problem";
import { number, percent } from "../../text/lang";
import { Axis, isNarrow, scaleOf } from "./axis";
import { stocksOf, type Stock } from "./series";
import { at, type Scale } from "./time";
import { LEAST, useWidth } from "./width";
import { w } from "./words";

const ROW = 54;
const TOP = 16;
/** Share of the room from which it is called full. */
const FULL = 0.995;

function Line({ stock, scale, top }: { stock: Stock; scale: Scale; top: number }) {
  const high = ROW - 18;
  const y = (t: number) => top + high - (Math.max(0, t) / stock.most) * high;
  const line = stock.points.map((point) => `H${at(scale, point.from)}V${y(point.t)}H${at(scale, point.to + 1)}`).join("");
  const first = stock.points[0];
  const last = stock.points.at(-1);
  const share = percent(stock.peak, 3);
  const isFull = stock.peak >= FULL;
  const name = stock.where === "store" ? w.store({ product: stock.product }) : w.far({ product: stock.product });
  const fields = { share, most: number(stock.most) };
  return (
    <g>
      <text className="name" x={scale.left - 8} y={top + 12} textAnchor="end">
        <title>{name}</title>
        {isNarrow(scale.right) ? stock.product : name}
      </text>
      {first && last && <path className={isFull ? "held full" : "held"} d={`M${at(scale, first.from)} ${top + high}${line}V${top + high}Z`} />}
      <line className="most" x1={scale.left} x2={scale.right} y1={top} y2={top} />
      <text className={isFull ? "said high" : "said"} x={scale.right} y={top + 12} textAnchor="end">
        {isFull ? w.full(fields) : w.peak(fields)}
      </text>
    </g>
  );
}

export function Stocks({ run, from, to, today }: { run: string; from: number; to: number; today: number }) {
  const [place, width] = useWidth(LEAST);
  const asked = useAsked(() => seriesOf(run, "market"), [run]);
  const stocks = asked.data ? stocksOf(asked.data) : [];
  const scale = scaleOf(from, to, width);
  return (
    <Panel title={w.stocks()}>
      <Problem error={asked.error} again={asked.again} />
      {asked.data && stocks.length === 0 && <p className="faint">{w.noStocks()}</p>}
      <div ref={place} className="scroll" tabIndex={0} role="group" aria-label={w.stocks()}>
        {stocks.length > 0 && (
          <svg className="gantt" width={scale.right + 8} height={TOP + stocks.length * ROW + 20} role="img" aria-label={w.stocks()}>
            <Axis scale={scale} top={TOP} bottom={TOP + stocks.length * ROW - 14} today={today} />
            {stocks.map((stock, k) => (
              <Line key={`${stock.product} ${stock.where}`} stock={stock} scale={scale} top={TOP + k * ROW} />
            ))}
          </svg>
        )}
      </div>
    </Panel>
  );
}
