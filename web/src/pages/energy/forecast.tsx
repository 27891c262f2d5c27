// What was forecast of sun and wind for the hours shown, with its band, from a forecast run.

import { useEffect, useState } from "react";
import { answered, api, type Schema } from "../../api/client";
import { seriesOf } from "../../api/runs";
import { useAsked } from "../../api/use";
import { Panel } from "../../parts/panel";
import { Problem } from "../../parts/problem";
import { usePark } from "../../session";
import { number, text } from "../../text/lang";
import { onSteps, overall } from "./by-time";
import { Chart, type Mark, type Steps } from "./chart";
import type { Dispatch } from "./difference";
import { paintOf } from "./paint";
import type { Unit } from "./stack";
import { w } from "./words";

const SOON_MS = 2000;

/** What is said of a skill, %. */
const againstPersistence = (skill: number) => (skill < 0 ? w.worse : w.better)({ share: number(Math.abs(skill), 2) });

interface OneProps {
  run: string;
  unit: Unit;
  could: Unit | undefined;
  steps: Steps;
}

function One({ run, unit, could, steps }: OneProps) {
  const [from, to] = [steps.times[0]!.slice(0, 10), steps.times.at(-1)!.slice(0, 10)];
  const ask = () => answered(api.GET("/api/runs/{name}/series", { params: { path: { name: run }, query: { frame: "forecast", of: unit.unit, from, to } } }));
  const asked = useAsked(ask, [run, unit.unit, from, to]);
  const scores = useAsked(() => seriesOf(run, "scores", unit.unit), [run, unit.unit]);
  const score = scores.data ? overall(scores.data) : null;
  const title = w.forecastOf({ name: text(unit.name) });
  if (!asked.data) return <Problem error={asked.error} again={asked.again} />;
  const course = (name: string) => onSteps(asked.data!, name, steps.times);
  const [low, middle, high] = [course("p10"), course("expected"), course("p90")];
  if (!middle.some((value) => value !== null)) return <p className="faint small">{w.noForecast()}</p>;
  const paint = paintOf(unit.kind);
  const marks: Mark[] = [
    { key: "band", name: w.band(), paint: { ...paint, hatch: "none" }, area: { from: low, to: high, isBand: true } },
    { key: "expected", name: w.expected(), paint: { ...paint, hatch: "none" }, line: middle },
    ...(could ? [{ key: "came", name: w.came(), paint: { colour: "--ink", hatch: "none" as const, dash: "2 3" }, line: could.values.map((value) => value ?? null) }] : []),
  ];
  return (
    <>
      <Chart title={title} unit="MW" steps={steps} marks={marks} />
      {score && (
        <p className="faint small">
          {w.scored({ rmse: number(score.rmse_mw, 3), within: number(score.within, 3) })} {score.skill !== null && againstPersistence(score.skill)}
        </p>
      )}
    </>
  );
}

/** A button that has a forecast made, for whoever may. */
function Make({ busy, make }: { busy: boolean; make: () => void }) {
  return (
    <p className="row">
      <span className="faint">{busy ? w.making() : w.noForecast()}</span>
      {!busy && (
        <button type="button" onClick={make}>
          {w.makeForecast()}
        </button>
      )}
    </p>
  );
}

interface Props {
  dispatch: Dispatch;
  steps: Steps;
  runs: Schema["RunsView"];
  again: () => void;
}

export function Forecast({ dispatch, steps, runs, again }: Props) {
  const { may } = usePark();
  const [name, setName] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const found = runs.runs.filter((run) => run.kind === "forecast").sort((a, b) => (b.at_ms ?? 0) - (a.at_ms ?? 0))[0];
  const [isMaking, setMaking] = useState(false);
  const jobs = useAsked(() => (name ? answered(api.GET("/api/jobs")) : Promise.resolve([])), [name], isMaking ? SOON_MS : undefined);
  const job = jobs.data?.find((job) => job.name === name);
  const isOver = job !== undefined && job.phase !== "waiting" && job.phase !== "running";
  useEffect(() => setMaking(name !== null && !isOver), [name, isOver]);
  useEffect(() => {
    if (isOver) again();
  }, [isOver, again]);
  const units = dispatch.units.filter((unit) => ["pv", "wind", "solar_field"].includes(unit.kind));
  if (units.length === 0) return null;
  const make = () => {
    let free = "forecast";
    for (let k = 2; runs.runs.some((run) => run.name === free); k++) free = `forecast-${k}`;
    answered(api.POST("/api/jobs", { body: { kind: "forecast", name: free } })).then(
      () => setName(free),
      (error: unknown) => setError(error),
    );
  };
  return (
    <Panel title={w.forecast()}>
      <Problem error={error} />
      {job?.problems.map((problem) => (
        <p key={problem.code} className="notice bad">
          {text(problem.message)}
        </p>
      ))}
      {!found && (may("arrange") && runs.makes ? <Make busy={isMaking} make={make} /> : <p className="faint">{w.noForecast()}</p>)}
      {found && (
        <>
          <div className="pair">
            {units.map((unit) => (
              <figure key={unit.column}>
                <figcaption className="small">{w.forecastOf({ name: text(unit.name) })}</figcaption>
                <One run={found.name} unit={unit} could={dispatch.units.find((other) => other.kind === "available" && other.unit === unit.unit)} steps={steps} />
              </figure>
            ))}
          </div>
          <p className="faint small">{w.forecastRun({ run: found.name })}</p>
        </>
      )}
    </Panel>
  );
}
