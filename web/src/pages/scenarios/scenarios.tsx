// Scenarios: runs that are there, new ones, and two side by side.

import { useEffect, useState } from "react";
import { Link } from "wouter";
import { answered, api, type Schema } from "../../api/client";
import { useAsked } from "../../api/use";
import { FormDialog } from "../../parts/form-dialog";
import { Panel } from "../../parts/panel";
import { Loading, Problem } from "../../parts/problem";
import { usePark } from "../../session";
import { dateTime, lang, NONE, text } from "../../text/lang";
import { Begin } from "./begin";
import { chosenAfter } from "./difference";
import { isOpen, Jobs } from "./jobs";
import { Side } from "./side";
import { Tables } from "./tables";
import { w } from "./words";

type Run = Schema["RunView"];

const KNOWN = new Set(["simulate", "dispatch", "production", "expansion", "forecast", "measured"]);
const kindName = (kind: string): string => (KNOWN.has(kind) ? w[kind as "simulate"]() : kind);

interface RowProps {
  run: Run;
  isChosen: boolean;
  choose: () => void;
  rename: () => void;
  remove: () => void;
}

function Row({ run, isChosen, choose, rename, remove }: RowProps) {
  const { may } = usePark();
  const way = `/api/runs/${encodeURIComponent(run.name)}`;
  return (
    <tr className={isChosen ? "marked" : ""}>
      <td>
        <input type="checkbox" aria-label={w.choose({ name: run.name })} checked={isChosen} onChange={choose} />
      </td>
      <td>
        {run.name}
        <div className="faint small">{kindName(run.kind)}</div>
        {run.note && <div className="small note">{run.note}</div>}
      </td>
      <td className="number when">{`${run.from} – ${run.to}`}</td>
      <td className="wide">
        {run.synthetic ? w.synthetic() : w.given()}
        {run.state && <div className="faint small">{w.now({ day: run.state })}</div>}
        {run.schedule && <div className="faint small">{`${w.schedule()}: ${run.schedule}`}</div>}
        {run.shifts.map((shift) => (
          <div key={`${shift.id} ${shift.from}`} className="faint small">
            {w.moved({ id: shift.id, days: `${shift.days > 0 ? "+" : "−"}${Math.abs(shift.days)}` })}
          </div>
        ))}
        {(run.weathers ?? 0) > 1 && <div className="faint small">{w.weathers({ count: run.weathers ?? 0 })}</div>}
      </td>
      <td className="number wide">
        {run.closure == null ? NONE : run.closure.toExponential(1)}
        {run.failures > 0 && <div className="high small">{w.failed({ count: run.failures })}</div>}
      </td>
      <td className="wide faint small">{run.by ? `${run.by}${run.at_ms ? `, ${dateTime(run.at_ms)}` : ""}` : ""}</td>
      <td>
        <span className="row">
          <a href={`${way}/report?lang=${lang()}`} target="_blank" rel="noreferrer">
            {w.report()}
          </a>
          <Link href={`/circulation?run=${encodeURIComponent(run.name)}`}>{w.circulation()}</Link>
          {run.kind === "dispatch" && <Link href={`/energy?run=${encodeURIComponent(run.name)}`}>{w.energy()}</Link>}
          <a href={`${way}/export.xlsx`} download>
            {w.xlsx()}
          </a>
          <Tables run={run.name} />
          {may("arrange") && run.kind !== "measured" && (
            <>
              <button type="button" className="link" onClick={rename}>
                {w.rename()}
              </button>
              <button type="button" className="link" onClick={remove}>
                {w.remove()}
              </button>
            </>
          )}
        </span>
      </td>
    </tr>
  );
}

interface TableProps {
  runs: Run[];
  chosen: string[];
  choose: (name: string) => void;
  rename: (run: Run) => void;
  remove: (name: string) => void;
}

function Table({ runs, chosen, choose, rename, remove }: TableProps) {
  if (runs.length === 0) return <p className="faint">{w.none()}</p>;
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            <th>
              <span className="hidden">{w.compareHint()}</span>
            </th>
            <th>{w.name()}</th>
            <th className="number">{w.period()}</th>
            <th className="wide">{w.weather()}</th>
            <th className="number wide">{w.closure()}</th>
            <th className="wide">{w.madeBy()}</th>
            <th>
              <span className="hidden">{w.acts()}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <Row key={run.name} run={run} isChosen={chosen.includes(run.name)} choose={() => choose(run.name)} rename={() => rename(run)} remove={() => remove(run.name)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const SOON_MS = 1000;
const LATER_MS = 15_000;

export default function Scenarios() {
  const { may } = usePark();
  const [isBeginning, setBeginning] = useState(false);
  const [removing, setRemoving] = useState<string | null>(null);
  const [naming, setNaming] = useState<Run | null>(null);
  const [chosen, setChosen] = useState<string[]>([]);
  const [isBusy, setBusy] = useState(false);
  const jobs = useAsked(() => answered(api.GET("/api/jobs")), [], isBusy ? SOON_MS : LATER_MS);
  const open = (jobs.data ?? []).filter(isOpen).length;
  const runs = useAsked(() => answered(api.GET("/api/runs")), [open]);
  useEffect(() => setBusy(open > 0), [open]);
  const all = runs.data?.runs ?? [];
  const there = chosen.filter((name) => all.some((run) => run.name === name));
  const remove = async () => {
    await answered(api.DELETE("/api/runs/{name}", { params: { path: { name: removing! } } }));
    runs.again();
  };

  const rename = async (form: FormData) => {
    const [name, note] = [String(form.get("name")).trim(), String(form.get("note")).trim()];
    await answered(api.PATCH("/api/runs/{name}", { params: { path: { name: naming!.name } }, body: { name, note } }));
    setChosen(chosen.map((one) => (one === naming!.name ? name : one)));
    runs.again();
  };

  return (
    <>
      <p className="notice plain">{w.notMeasured()}</p>
      {(jobs.data?.length ?? 0) > 0 && (
        <Panel title={w.jobs()}>
          <Jobs jobs={jobs.data ?? []} again={jobs.again} />
        </Panel>
      )}
      <Panel
        title={w.runs()}
        aside={
          runs.data?.makes && may("arrange") ? (
            <button type="button" className="primary" onClick={() => setBeginning(true)}>
              {w.begin()}
            </button>
          ) : undefined
        }
      >
        {runs.isAsking && !runs.data && <Loading />}
        <Problem error={runs.error ?? jobs.error} again={runs.again} />
        {runs.data?.problems.map((problem) => (
          <p key={problem.message.en} className="notice bad">
            {text(problem.message)}
          </p>
        ))}
        {runs.data && !runs.data.makes && <p className="faint small">{w.cannot()}</p>}
        {runs.data && <Table runs={all} chosen={there} choose={(name) => setChosen(chosenAfter(there, name))} rename={setNaming} remove={setRemoving} />}
        {all.length > 1 && there.length < 2 && <p className="faint small">{w.compareHint()}</p>}
      </Panel>
      {there.length === 2 && <Side names={there} />}
      {isBeginning && runs.data && <Begin runs={runs.data} close={() => setBeginning(false)} again={jobs.again} />}
      {naming && (
        <FormDialog title={w.renameOf({ name: naming.name })} deed={w.save()} work={rename} close={() => setNaming(null)}>
          <label className="field">
            {w.name()}
            <input name="name" required maxLength={60} pattern="[A-Za-z0-9_\-]+" defaultValue={naming.name} autoComplete="off" />
          </label>
          <label className="field">
            {w.note()}
            <textarea name="note" maxLength={500} rows={4} defaultValue={naming.note ?? ""} />
          </label>
          <p className="faint small">{w.renameWhy()}</p>
        </FormDialog>
      )}
      {removing && (
        <FormDialog title={w.removeTitle({ name: removing })} deed={w.remove()} work={remove} close={() => setRemoving(null)}>
          <></>
        </FormDialog>
      )}
    </>
  );
}
