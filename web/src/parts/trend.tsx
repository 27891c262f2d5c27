// Trends: least and greatest value of every pixel as a band, so that no spike is lost, and the mean as a line. Dragging across
// looks closer, a double click looks back.

import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { answered, api, type Tag } from "../api/client";
import { token, useTheme } from "../look/theme";
import { atResolution, dateTime, hour, NONE, shortDay, text, unit, useLang } from "../text/lang";
import { Problem } from "./problem";
import { w } from "./words";

export interface Span {
  from_ms: number;
  to_ms: number;
}

interface Props {
  tag: Tag;
  span: Span;
  onZoom: (span: Span) => void;
  onBack: () => void;
  height?: number;
  /** Asks again when it changes. */
  round?: number;
  series?: number;
}

const DAY_MS = 86_400_000;

type Columns = [x: number[], min: (number | null)[], max: (number | null)[], mean: (number | null)[]];

async function columns(tag: Tag, span: Span, width: number): Promise<Columns> {
  const trend = await answered(
    api.GET("/api/tags/{id}/trend", {
      params: { path: { id: tag.id }, query: { from: String(span.from_ms), to: String(span.to_ms), buckets: Math.max(10, Math.min(2000, width)) } },
    }),
  );
  const next = (i: number) => trend.start_ms[i + 1] ?? span.to_ms;
  const data: Columns = [[], [], [], []];
  trend.start_ms.forEach((start, i) => {
    const min = trend.min[i] ?? null;
    // A bucket that nothing fell into says nothing; one with a mark of a gap parts the line.
    if (min === null && !trend.bad[i]) return;
    data[0].push((start + next(i)) / 2000);
    data[1].push(min);
    data[2].push(trend.max[i] ?? null);
    data[3].push(trend.mean[i] ?? null);
  });
  return data;
}

export function Trend({ tag, span, onZoom, onBack, height = 220, round = 0, series = 1 }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isEmpty, setEmpty] = useState(false);
  const [width, setWidth] = useState(0);
  const theme = useTheme();
  const lang = useLang();
  const zoom = useRef({ onZoom, onBack });
  zoom.current = { onZoom, onBack };

  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (!place.current || width < 50) return;
    const colour = token(`--series-${series}`);
    const isLong = span.to_ms - span.from_ms > 2 * DAY_MS;
    const said = (value: number | null) => (value === null ? NONE : `${atResolution(value, tag.resolution)} ${unit(tag.unit)}`);
    const made = new uPlot(
      {
        width,
        height,
        legend: { show: true, live: true },
        cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
        scales: { x: { time: false, range: () => [span.from_ms / 1000, span.to_ms / 1000] } },
        axes: [
          {
            stroke: token("--faint"),
            grid: { stroke: token("--line"), width: 1 },
            ticks: { show: false },
            size: 26,
            gap: 4,
            incrs: [60, 300, 900, 3600, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_592_000, 7_776_000],
            space: 90,
            values: (_, splits) => splits.map((s) => (isLong ? shortDay(s * 1000) : hour(s * 1000))),
          },
          { stroke: token("--faint"), grid: { stroke: token("--line"), width: 1 }, ticks: { show: false }, size: 64 },
        ],
        bands: [{ series: [2, 1], fill: `color-mix(in srgb, ${colour} 25%, transparent)` }],
        series: [
          { value: (_, s) => (s === null ? NONE : dateTime(s * 1000)), label: w.at() },
          { stroke: "transparent", points: { show: false }, label: w.least(), value: (_, v) => said(v) },
          { stroke: "transparent", points: { show: false }, label: w.greatest(), value: (_, v) => said(v) },
          { stroke: colour, width: 1.5, points: { size: 4 }, label: w.mean(), value: (_, v) => said(v) },
        ],
        hooks: {
          setSelect: [
            (u) => {
              if (u.select.width < 4) return;
              const at = (px: number) => u.posToVal(px, "x") * 1000;
              zoom.current.onZoom({ from_ms: at(u.select.left), to_ms: at(u.select.left + u.select.width) });
              u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            },
          ],
        },
      },
      [[], [], [], []],
      place.current,
    );
    made.over.addEventListener("dblclick", () => zoom.current.onBack());
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [width, height, theme, lang, series, tag, span.from_ms, span.to_ms]);

  useEffect(() => {
    if (width < 50) return;
    let isOver = false;
    columns(tag, span, width - 64).then(
      (data) => {
        if (isOver) return;
        setError(null);
        setEmpty(data[0].length === 0);
        plot.current?.setData(data as uPlot.AlignedData);
      },
      (error: unknown) => !isOver && setError(error),
    );
    return () => {
      isOver = true;
    };
  }, [width, height, theme, lang, series, tag, span.from_ms, span.to_ms, round]);

  return (
    <div className="trend">
      <Problem error={error} />
      <div ref={place} role="img" aria-label={w.trendOf({ name: text(tag.name) })} />
      {isEmpty && <p className="faint small">{w.noTrend()}</p>}
    </div>
  );
}
