// Plan: what is harvested, let flow and made when; what stands in the way of more; and what comes of another day.

import { useEffect, useMemo, useState } from "react";
import { useSearchParams } from "wouter";
import { answered, api, type Schema } from "../../api/client";
import { useAsked } from "../../api/use";
import { usePlantClock } from "../../live/clock";
import { Panel } from "../../parts/panel";
import { Loading, Problem, reason } from "../../parts/problem";
import { usePark, type Park } from "../../session";
import { lang, text, type Sentence } from "../../text/lang";
import { isOpen, Jobs } from "../scenarios/jobs";
import { scaleOf } from "./axis";
import { Begin } from "./begin";
import { Binds } from "./binds";
import { AsTable, Chart } from "./chart";
import { Consequence } from "./consequence";
import { moved, rowsOf, type Bar, type Move } from "./gantt";
import { Head, Impossible } from "./head";
import { Mover } from "./mover";
import { Stocks } from "./stocks";
import { dayOf, plantDay } from "./time";
import { Wedge } from "./wedge";
import { WhyNot } from "./why-not";
import type { Question } from "./why";
import { LEAST, useWidth } from "./width";
import { w } from "./words";
import "./plan.css";

type Run = Schema["RunView"];

const SOON_MS = 1000;
const LATER_MS = 15_000;
/** Weathers of the bands. */
const WEATHERS = 20;

const newest = (a: Run, b: Run): number => (b.at_ms ?? 0) - (a.at_ms ?? 0);

/** Names of what has a row without being done: plants, and flows by their ends. */
function namesOf({ base }: Park): Map<string, Sentence> {
  const names = new Map<string, Sentence>([...base.ponds, ...base.places].map((one) => [one.id, one.name]));
  for (const link of base.links) {
    const [from, to] = [names.get(link.from), names.get(link.to)];
    if (from && to && !names.has(link.id)) names.set(link.id, { en: `${from.en} → ${to.en}`, zh: `${from.zh} → ${to.zh}` });
  }
  return names;
}

interface Props {
  run: Run;
  runs: Run[];
  jobs: Schema["JobView"][];
  /** Why nothing can be begun; blank where it can. */
  hindrance: string;
  again: () => void;
}

function OfPlan({ run, runs, jobs, hindrance, again }: Props) {
  const park = usePark();
  const [place, width] = useWidth(LEAST);
  const [moves, setMoves] = useState<Move[]>([]);
  const [bar, chooseBar] = useState("");
  const [question, setQuestion] = useState<Question | null>(null);
  const [chosen, choose] = useState("");
  const [trouble, setTrouble] = useState("");
  const path = { name: run.name };
  const asked = useAsked(() => answered(api.GET("/api/runs/{name}/production", { params: { path } })), [run.name, run.at_ms]);
  const about = useAsked(() => answered(api.GET("/api/runs/{name}", { params: { path } })), [run.name]);
  const today = plantDay(usePlantClock(60_000), park.base.utc_offset_h);
  const plan = asked.data;
  const rows = useMemo(() => (plan ? rowsOf(plan, namesOf(park)) : []), [plan, park]);
  if (!plan) {
    return (
      <>
        {asked.isAsking && <Loading />}
        <Problem error={asked.error} again={asked.again} />
      </>
    );
  }
  const [from, to] = [dayOf(plan.from), dayOf(plan.to)];
  const of = runs.filter((one) => one.schedule === run.name && one.kind === "simulate").sort(newest);
  const others = of.filter((one) => one.shifts.length > 0);
  const many = of.find((one) => one.shifts.length === 0 && (one.weathers ?? 0) > 1);
  const taken = [...runs, ...jobs].map((one) => one.name);
  const weathersName = `${run.name}-weathers`.slice(-60);
  const isDrawing = jobs.some((job) => job.name === weathersName && isOpen(job));
  const draw = () => {
    const body = { kind: "simulate" as const, name: weathersName, schedule: run.name, from: plan.from, to: plan.to, weathers: WEATHERS };
    answered(api.POST("/api/jobs", { body })).then(again, (error: unknown) => setTrouble(reason(error)));
  };
  const setMove = (bar: Bar, move: Move) => {
    chooseBar(bar.key);
    setMoves(moved(moves, move));
  };
  const ask = (of: Question["of"], id: string, day: string) => setQuestion({ of, id, day });
  return (
    <>
      <div className="notice plain" role="note">
        <b>{w.notMeasured()}</b>
        {about.data && about.data.caveats.length > 0 && (
          <details>
            <summary>{w.caveats({ count: about.data.caveats.length })}</summary>
            {about.data.caveats.map((caveat) => (
              <p key={caveat.en}>{text(caveat)}</p>
            ))}
          </details>
        )}
      </div>
      {plan.status === "infeasible" && <Impossible plan={plan} />}
      {rows.length > 0 && (
        <Panel title={w.gantt()}>
          <p className="faint small">{w.ganttHint()}</p>
          <div ref={place} className="scroll" tabIndex={0} role="group" aria-label={w.gantt()}>
            <Chart plan={plan} rows={rows} scale={scaleOf(from, to, width)} today={today} moves={moves} chosen={bar} setMove={setMove} ask={ask} />
          </div>
          <AsTable rows={rows} />
        </Panel>
      )}
      {trouble && (
        <p className="notice bad" role="alert">
          {trouble}
        </p>
      )}
      <div className="cols">
        <Mover
          plan={plan}
          name={run.name}
          rows={rows}
          moves={moves}
          chosen={bar}
          setMove={setMove}
          clear={() => setMoves([])}
          taken={taken}
          hindrance={hindrance}
          begun={(name) => {
            choose(name);
            again();
          }}
        />
        <WhyNot plan={plan} rows={rows} today={today} question={question} ask={ask} />
      </div>
      {others.length > 0 && <Consequence plan={run.name} moved={others} chosen={chosen} choose={choose} />}
      <Wedge run={run.name} many={many} from={from} to={to} today={today} draw={hindrance || isDrawing ? null : draw} />
      <Stocks run={run.name} from={from} to={to} today={today} />
      <div className="cols">
        <Head plan={plan} many={many} />
        <Binds plan={plan} />
      </div>
    </>
  );
}

export default function PlanPage() {
  const { may } = usePark();
  const [search, setSearch] = useSearchParams();
  const [isBeginning, setBeginning] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const jobs = useAsked(() => answered(api.GET("/api/jobs")), [], isBusy ? SOON_MS : LATER_MS);
  const open = (jobs.data ?? []).filter(isOpen).length;
  const runs = useAsked(() => answered(api.GET("/api/runs")), [open]);
  useEffect(() => setBusy(open > 0), [open]);
  const all = runs.data?.runs ?? [];
  const plans = all.filter((one) => one.kind === "production").sort(newest);
  const wanted = search.get("plan");
  const run = plans.find((one) => one.name === wanted) ?? plans[0];
  const put = (name: string) =>
    setSearch(
      (now) => {
        now.set("plan", name);
        return now;
      },
      { replace: true },
    );
  const hindrance = !runs.data?.makes ? w.cannot() : may("arrange") ? "" : w.mayNot();
  const ours = (jobs.data ?? []).filter((job) => isOpen(job) || (job.phase === "failed" && Date.now() - (job.ended_ms ?? 0) < 600_000));
  return (
    <>
      <div className="row apart">
        <div className="row">
          {plans.length > 0 && run && (
            <label className="field">
              {w.plan()}
              <select value={run.name} onChange={(event) => put(event.target.value)}>
                {plans.map((one) => (
                  <option key={one.name} value={one.name}>
                    {`${one.name} (${one.from} – ${one.to})`}
                  </option>
                ))}
              </select>
            </label>
          )}
          {run && (
            <a href={`/api/runs/${encodeURIComponent(run.name)}/report?lang=${lang()}`} target="_blank" rel="noreferrer">
              {w.report()}
            </a>
          )}
        </div>
        {!hindrance && (
          <button type="button" className="primary" onClick={() => setBeginning(true)}>
            {w.begin()}
          </button>
        )}
      </div>
      {runs.isAsking && !runs.data && <Loading />}
      <Problem error={runs.error ?? jobs.error} again={runs.again} />
      {runs.data && !run && <p className="faint">{w.noPlans()}</p>}
      {ours.length > 0 && (
        <Panel title={w.jobs()}>
          <Jobs jobs={ours} again={jobs.again} />
        </Panel>
      )}
      {run && <OfPlan key={run.name} run={run} runs={all} jobs={jobs.data ?? []} hindrance={hindrance} again={jobs.again} />}
      {isBeginning && (
        <Begin
          close={() => setBeginning(false)}
          begun={(name) => {
            put(name);
            jobs.again();
          }}
        />
      )}
    </>
  );
}
