// Energy and computing: a dispatch hour by hour, as a run planned it or solved while somebody moves sliders.

import { useState, type ReactNode } from "react";
import { useSearchParams } from "wouter";
import { answered, api, type Schema } from "../../api/client";
import { useAsked } from "../../api/use";
import { plantNow, usePlantClock } from "../../live/clock";
import { Loading, Problem } from "../../parts/problem";
import { Segments } from "../../parts/segments";
import { usePark } from "../../session";
import { number, text } from "../../text/lang";
import { Actual } from "./actual";
import { useDispatch } from "./ask";
import type { Steps } from "./chart";
import { isOtherwise, wish, type Dispatch, type Lever, type Moved, type WhatIf } from "./difference";
import { KeyFigures } from "./figures";
import { Forecast } from "./forecast";
import { Levers } from "./levers";
import { dayOf, later, stepsUntil } from "./moments";
import { Backlog, Carbon, CleanHours, Price, Stores } from "./pictures";
import { Power } from "./power";
import { Costs, MatchingTable, Quotas, Service } from "./tables";
import { w } from "./words";
import "./energy.css";

const NOW = "";
const DAYS = [["1", w.day1], ["3", w.day3], ["7", w.day7], ["14", w.day14]] as const;
type Days = (typeof DAYS)[number][0];

/** What is looked at, kept in the address. */
interface Looked {
  run: string;
  from: string | null;
  days: Days;
}

function useLooked(): [Looked, (changes: Partial<Looked>) => void] {
  const [search, setSearch] = useSearchParams();
  const days = search.get("days");
  const looked: Looked = { run: search.get("run") ?? NOW, from: search.get("from"), days: DAYS.some(([one]) => one === days) ? (days as Days) : "3" };
  const put = (changes: Partial<Looked>) =>
    setSearch(
      (old) => {
        for (const [key, value] of Object.entries({ ...looked, ...changes })) {
          if (value) old.set(key, value);
          else old.delete(key);
        }
        return old;
      },
      { replace: true },
    );
  return [looked, put];
}

interface HeadProps {
  looked: Looked;
  put: (changes: Partial<Looked>) => void;
  runs: Schema["RunsView"] | undefined;
  first: string | undefined;
  period: [from: string, to: string] | null;
}

/** Which dispatch, and which days of it. */
function Head({ looked, put, runs, first, period }: HeadProps) {
  const plans = (runs?.runs ?? []).filter((run) => run.kind === "dispatch");
  const shift = (days: number) => first && put({ from: later(first, days) });
  return (
    <div className="energy-head">
      <label className="field">
        {w.source()}
        <select value={looked.run} onChange={(event) => put({ run: event.target.value, from: null })}>
          <option value={NOW}>{w.now()}</option>
          {plans.length > 0 && (
            <optgroup label={w.runs()}>
              {plans.map((run) => (
                <option key={run.name} value={run.name}>
                  {run.name}
                </option>
              ))}
            </optgroup>
          )}
        </select>
      </label>
      <label className="field">
        {w.from()}
        <input type="date" value={first ?? ""} min={period?.[0]} max={period?.[1]} onChange={(event) => event.target.value && put({ from: event.target.value })} />
      </label>
      <div className="row">
        <button type="button" aria-label={w.earlier()} disabled={!first || (period !== null && first <= period[0])} onClick={() => shift(-Number(looked.days))}>
          {"←"}
        </button>
        <button type="button" onClick={() => put({ from: null })}>
          {w.today()}
        </button>
        <button type="button" aria-label={w.later()} disabled={!first || (period !== null && later(first, Number(looked.days)) > period[1])} onClick={() => shift(Number(looked.days))}>
          {"→"}
        </button>
      </div>
      <Segments label={w.days()} choices={DAYS.map(([one, name]) => [one, name()] as const)} value={looked.days} onChange={(days) => put({ days })} />
    </div>
  );
}

function Causes({ dispatch }: { dispatch: Dispatch }) {
  const lists = [[w.conflict(), dispatch.conflict], [w.relaxation(), dispatch.relaxation]] as const;
  return (
    <div className="notice bad stack">
      <p>{w.failedPlan({ status: dispatch.status })}</p>
      {lists.map(([title, causes]) =>
        causes.length > 0 ? (
          <div key={title}>
            <h3>{title}</h3>
            <ul>
              {causes.map((cause) => (
                <li key={cause.text.en}>{text(cause.text)}</li>
              ))}
            </ul>
          </div>
        ) : null,
      )}
    </div>
  );
}

/** The steps that all charts share, and which of them is looked at: the present one until another is chosen. */
function useSteps(dispatch: Dispatch): Steps {
  const { base } = usePark();
  usePlantClock(60_000);
  const offsetH = base.utc_offset_h;
  const [chosen, setChosen] = useState<number | null>(null);
  const { times, step_min } = dispatch;
  const now = times[0] ? stepsUntil(plantNow(), times[0], offsetH, step_min) : -1;
  const isNowShown = now >= 0 && now < times.length;
  const at = chosen ?? (isNowShown ? Math.floor(now) : 12);
  return { times, stepMin: step_min, offsetH, at: Math.max(0, Math.min(times.length - 1, at)), onAt: setChosen, now };
}

interface ShownProps {
  dispatch: Dispatch;
  runs: Schema["RunsView"] | undefined;
  again: () => void;
  isWindow: boolean;
  isOld: boolean;
  side?: ReactNode;
  note: string;
}

function Shown({ dispatch, runs, again, isWindow, isOld, side, note }: ShownProps) {
  const steps = useSteps(dispatch);
  const picture = { dispatch, steps };
  const isThere = steps.times.length > 0;
  return (
    <div className="energy">
      <div className={`pictures ${isOld ? "is-old" : ""}`} aria-busy={isOld}>
        {dispatch.status !== "optimal" && dispatch.status !== "time_limit" && <Causes dispatch={dispatch} />}
        {isThere && (
          <>
            <Power {...picture} />
            <div className="pair">
              <Stores {...picture} />
              <Backlog {...picture} />
              <Price {...picture} />
              <Carbon {...picture} />
            </div>
            <CleanHours {...picture} />
          </>
        )}
      </div>
      <div className="side">
        {side}
        <Quotas dispatch={dispatch} isWindow={isWindow} />
        <Costs dispatch={dispatch} />
        <Service dispatch={dispatch} />
      </div>
      {isThere && (
        <div className={`wide ${isOld ? "is-old" : ""}`}>
          <MatchingTable dispatch={dispatch} />
          {runs && <Forecast {...picture} runs={runs} again={again} />}
          <Actual {...picture} />
        </div>
      )}
      <p className="wide faint small">{note}</p>
    </div>
  );
}

interface PartProps {
  looked: Looked;
  put: (changes: Partial<Looked>) => void;
  runs: Schema["RunsView"] | undefined;
  again: () => void;
}

const NO_LEVERS: Lever[] = [];

/** The dispatch of the days ahead, solved anew whenever a slider rests. */
function Now({ looked, put, runs, again }: PartProps) {
  const { base } = usePark();
  const [moved, setMoved] = useState<Moved>({});
  usePlantClock(60_000);
  // A new day by the plant's clock is a new question.
  const today = dayOf(plantNow(), base.utc_offset_h);
  const span: WhatIf = { from: looked.from, days: Number(looked.days) };
  const asBase = useDispatch(span, today);
  const levers = asBase.data?.levers ?? NO_LEVERS;
  const isMoved = isOtherwise(levers, moved);
  const otherwise = useDispatch(isMoved ? { ...span, ...wish(levers, moved) } : null, today);
  const shown = (isMoved && otherwise.data) || asBase.data;
  const isOld = asBase.isOld || (isMoved && (otherwise.isOld || otherwise.error !== null));
  const period: [string, string] | null = asBase.data ? [asBase.data.period_from, asBase.data.period_to] : null;
  const state = otherwise.error ? w.kept() : isOld ? w.solving() : shown ? w.solved({ ms: number(1000 * shown.solve_s, 2) }) : "";
  return (
    <>
      <Head looked={looked} put={put} runs={runs} first={asBase.data?.times[0]?.slice(0, 10)} period={period} />
      <Problem error={asBase.error ?? otherwise.error} />
      {!shown && !asBase.error && <Loading />}
      {shown && (
        <>
          <KeyFigures shown={shown} base={isMoved && asBase.data ? asBase.data : null} />
          <Shown dispatch={shown} runs={runs} again={again} isWindow isOld={isOld} note={w.window()} side={<Levers levers={levers} moved={moved} set={setMoved} state={state} />} />
          <Caveats caveats={shown.caveats} />
        </>
      )}
    </>
  );
}

/** A dispatch that a run planned. */
function Planned({ looked, put, runs, again }: PartProps) {
  const { run, from, days } = looked;
  const ask = () => answered(api.GET("/api/runs/{name}/dispatch", { params: { path: { name: run }, query: { from: from ?? undefined, days: Number(days) } } }));
  const asked = useAsked(ask, [run, from, days]);
  const detail = useAsked(() => answered(api.GET("/api/runs/{name}", { params: { path: { name: run } } })), [run]);
  const shown = asked.data;
  return (
    <>
      <Head looked={looked} put={put} runs={runs} first={shown?.times[0]?.slice(0, 10)} period={shown ? [shown.period_from, shown.period_to] : null} />
      <Problem error={asked.error} again={asked.again} />
      {!shown && asked.isAsking && <Loading />}
      {shown && (
        <>
          <KeyFigures shown={shown} base={null} />
          <Shown dispatch={shown} runs={runs} again={again} isWindow={false} isOld={asked.isAsking} note={w.planned({ from: shown.period_from, to: shown.period_to })} />
          <Caveats caveats={detail.data?.caveats ?? []} />
        </>
      )}
    </>
  );
}

function Caveats({ caveats }: { caveats: Schema["Sentence"][] }) {
  if (caveats.length === 0) return null;
  return (
    <ul className="notice plain caveats">
      {caveats.map((caveat) => (
        <li key={caveat.en}>{text(caveat)}</li>
      ))}
    </ul>
  );
}

export default function Energy() {
  const [looked, put] = useLooked();
  const runs = useAsked(() => answered(api.GET("/api/runs")), []);
  const part = { looked, put, runs: runs.data, again: runs.again };
  return looked.run === NOW ? <Now {...part} /> : <Planned key={looked.run} {...part} />;
}
