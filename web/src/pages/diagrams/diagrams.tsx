// Phase diagrams at any temperature: a composition is dragged, and the page says what its brine is and does.

import { useDeferredValue, useEffect, useMemo, useState, type FormEvent } from "react";
import { useSearchParams } from "wouter";
import { answered, api } from "../../api/client";
import { useAsked } from "../../api/use";
import { Panel } from "../../parts/panel";
import { Loading, Problem } from "../../parts/problem";
import { Segments } from "../../parts/segments";
import { usePark } from "../../session";
import { lang, number, text } from "../../text/lang";
import { useEstimates } from "../lake/comes";
import { OfBrine } from "./brine";
import { Drawing, Handle, namesOf, Track } from "./drawing";
import { sheetOf, type Diagram, type Place, type Sheet } from "./paper";
import { appearances, OfPath, placesOf, type Mode, type Path } from "./path";
import { pondDots } from "./ponds";
import { Parameters, Points, Solids } from "./sources";
import { SYSTEMS, systemOf } from "./systems";
import { w } from "./words";
import "./diagrams.css";

interface Asked {
  system: string;
  over: string;
  degc: number;
}

/** How many times the paper is enlarged. */
const TIMES = (["1", "2", "4", "8"] as const).map((times) => [times, `× ${times}`] as const);
const COLDEST = -30;
const WARMEST = 120;

/** A value that has stood still for a while. */
function useSettled<T>(value: T, ms: number): T {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

function Choose({ asked, set }: { asked: Asked; set: (more: Partial<Asked>) => void }) {
  const known = SYSTEMS.find((one) => one.system === asked.system && one.over === asked.over);
  const [isOwn, setOwn] = useState(!known);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    set({ system: String(form.get("system")).trim(), over: String(form.get("over")).trim() });
  };
  const pick = (value: string) => {
    const found = SYSTEMS[Number(value)];
    setOwn(!found);
    if (found) set({ system: found.system, over: found.over });
  };
  const degrees = (value: string) => Number.isFinite(Number(value)) && value !== "" && set({ degc: Number(value) });
  return (
    <div className="row choose">
      <label className="field">
        {w.system()}
        <select value={isOwn ? "own" : SYSTEMS.indexOf(known!)} onChange={(event) => pick(event.target.value)}>
          {SYSTEMS.map((one, i) => (
            <option key={one.system + one.over} value={i}>
              {one.name[lang() === "zh" ? 1 : 0]}
            </option>
          ))}
          <option value="own">{w.own()}</option>
        </select>
      </label>
      <label className="field">
        {`${w.temperature()} [°C]`}
        <span className="row">
          <input type="range" min={COLDEST} max={WARMEST} step="1" value={asked.degc} onChange={(event) => degrees(event.target.value)} />
          <input type="number" min="-60" max="300" step="0.1" value={asked.degc} aria-label={`${w.temperature()} [°C]`} onChange={(event) => degrees(event.target.value)} />
        </span>
      </label>
      {isOwn && (
        <form className="row" onSubmit={submit}>
          <label className="field">
            {w.written()}
            <input name="system" required defaultValue={asked.system} size={24} autoComplete="off" />
          </label>
          <label className="field">
            {`${w.over()} (${w.overHint()})`}
            <input name="over" defaultValue={asked.over} autoComplete="off" />
          </label>
          <button>{w.draw()}</button>
        </form>
      )}
    </div>
  );
}

/** Where a composition stands at first: in the largest field, or below the curves. */
function middleOf(diagram: Diagram): Place {
  const largest = [...diagram.fields].sort((a, b) => b.share - a.share)[0];
  if (largest) return largest.centre as unknown as Place;
  const point = diagram.points[0]?.place ?? diagram.curves[0]?.points[0] ?? [0.2, 0.2];
  return [0.6 * point[0]!, 0.6 * point[1]!];
}

function Ponds({ diagram, sheet }: { diagram: Diagram; sheet: Sheet }) {
  const park = usePark();
  const estimates = useEstimates();
  const dots = pondDots(diagram, park, estimates.data);
  const names = new Map(park.base.ponds.map((pond) => [pond.id, text(pond.name)]));
  return (
    <g className="ponds">
      {dots.map(({ pond, place, isEstimated }) => {
        const [x, y] = sheet.at(place);
        return (
          <g key={pond}>
            <rect className={isEstimated ? "hollow" : ""} x={x} y={y}>
              <title>{names.get(pond)}</title>
            </rect>
            <text x={x} y={y} dx="0.6em" dy="1em">
              {pond}
            </text>
          </g>
        );
      })}
    </g>
  );
}

function useBrine(diagram: Diagram, asked: Asked, place: Place, mode: Mode) {
  const body = { diagram: { system: asked.system, over: asked.over || null, temperature_degc: diagram.temperature_degc }, place: [place[0], place[1]], mode };
  return useAsked(() => answered(api.POST("/api/diagrams/brine", { body })), [diagram, place[0], place[1], mode]);
}

function Marks({ path, sheet }: { path: Path; sheet: Sheet }) {
  return (
    <>
      <Track sheet={sheet} places={placesOf(path)} className="path" />
      {appearances(path).map(({ letter, step }) => {
        const place = path.steps[step]?.place;
        if (!place) return null;
        const [x, y] = sheet.at(place as unknown as Place);
        return (
          <g key={letter} className="mark">
            <circle cx={x} cy={y} />
            <text x={x} y={y} dx="-0.4em" dy="-0.5em" textAnchor="end">
              {letter}
            </text>
          </g>
        );
      })}
    </>
  );
}

function OfDiagram({ diagram, asked }: { diagram: Diagram; asked: Asked }) {
  const sheet = useMemo(() => sheetOf(diagram), [diagram]);
  const [moved, move] = useState<Place | null>(null);
  const [mode, setMode] = useState<Mode>("equilibrium");
  const [arePonds, showPonds] = useState(true);
  const [times, setTimes] = useState<"1" | "2" | "4" | "8">("1");
  // The window moves when the composition is left alone, not under the hand that drags it.
  const around = useSettled(moved ?? null, 700);
  const place = useMemo(() => moved ?? middleOf(diagram), [moved, diagram]);
  const settled = useSettled(place, 60);
  const told = useBrine(diagram, asked, settled, mode);
  const path = told.data;
  const first = path?.first ? w.firstOf({ solid: text(path.first.name) }) : w.noField();
  const titled = w.diagram({ system: diagram.system, t: number(diagram.temperature_degc) });
  const title = diagram.over.length ? w.overOf({ title: titled, salt: text(diagram.solids[diagram.over[0]!]!.name) }) : titled;
  const isPaperOfIons = diagram.paper !== "line";
  return (
    <>
      <div className="phase-page">
        <Panel
          title={title}
          aside={
            isPaperOfIons && (
              <div className="row small">
                <label className="row">
                  <input type="checkbox" checked={arePonds} onChange={(event) => showPonds(event.target.checked)} />
                  {w.showPonds()}
                </label>
                <Segments label={w.enlarge()} choices={TIMES} value={times} onChange={setTimes} />
              </div>
            )
          }
        >
          <Drawing diagram={diagram} sheet={sheet} title={title} times={Number(times)} around={around ?? place}>
            {arePonds && isPaperOfIons && <Ponds diagram={diagram} sheet={sheet} />}
            {path && <Marks path={path} sheet={sheet} />}
            <Handle diagram={diagram} sheet={sheet} times={Number(times)} place={place} first={first} move={move} />
          </Drawing>
          <p className="faint small">{isPaperOfIons ? w.arrows({ basis: diagram.basis }) : w.axes()}</p>
          {arePonds && isPaperOfIons && <p className="faint small">{w.pondsWhy()}</p>}
          {diagram.blank.length > 0 && <p className="faint small">{w.blank()}</p>}
          {diagram.folds && <p className="faint small">{w.folds()}</p>}
          {diagram.unresolved.length > 0 && <p className="faint small">{w.small({ solids: namesOf(diagram, diagram.unresolved) })}</p>}
        </Panel>
        <div className="stack">
          <Problem error={told.error} again={told.again} />
          <Panel title={w.brine()} aside={<span className="first">{path?.first && isPaperOfIons ? w.saturated({ solid: text(path.first.name) }) : isPaperOfIons ? w.noField() : w.mixture()}</span>}>
            <p className="small faint">{w.move()}</p>
            {path?.brine && <OfBrine diagram={diagram} brine={path.brine} />}
          </Panel>
          <Panel title={w.path()}>{path && <OfPath diagram={diagram} path={path} mode={mode} setMode={setMode} />}</Panel>
        </div>
      </div>
      {diagram.points.length > 0 && (
        <Panel title={w.points()}>
          <Points diagram={diagram} />
        </Panel>
      )}
      <Panel title={w.source()}>
        <Solids diagram={diagram} />
        <Parameters diagram={diagram} />
      </Panel>
    </>
  );
}

export default function DiagramsPage() {
  const [search, setSearch] = useSearchParams();
  const { tags } = usePark();
  const own = systemOf(tags);
  const asked: Asked = { system: search.get("system") ?? own.system, over: search.get("over") ?? (search.has("system") ? "" : own.over), degc: Number(search.get("t") ?? 25) };
  const set = (more: Partial<Asked>) => {
    const next = { ...asked, ...more };
    setSearch({ system: next.system, over: next.over, t: String(next.degc) }, { replace: true });
  };
  const degc = useDeferredValue(useSettled(asked.degc, 120));
  const query = { system: asked.system, over: asked.over || undefined, temperature_degc: degc };
  const told = useAsked(() => answered(api.GET("/api/diagrams", { params: { query } })), [asked.system, asked.over, degc]);
  const isOld = told.isAsking && told.data !== undefined && told.data.temperature_degc !== degc;
  return (
    <>
      <Choose asked={asked} set={set} />
      <Problem error={told.error} again={told.again} />
      {told.isAsking && !told.data && <Loading />}
      {told.data && !told.error && (
        <div className={isOld ? "stack waiting" : "stack"} key={`${told.data.system} ${told.data.paper}`}>
          <OfDiagram diagram={told.data} asked={asked} />
        </div>
      )}
    </>
  );
}
