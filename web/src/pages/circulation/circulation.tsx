// Circulation: where an element, water, energy or carbon goes, in any run or measured book, over any days, and the accounts of these days.

import { useState } from "react";
import { Link, useSearchParams } from "wouter";
import { answered, api, type Schema } from "../../api/client";
import { useAsked } from "../../api/use";
import { Panel } from "../../parts/panel";
import { Loading, Problem } from "../../parts/problem";
import { list, text } from "../../text/lang";
import { AccountsOf } from "./accounts";
import { Diagram } from "./diagram";
import { Flows, Stocks } from "./flows";
import { w } from "./words";

type Run = Schema["RunView"];

const runName = (run: Run): string => (run.kind === "measured" ? w.measured({ day: run.to }) : run.name);
/** Elements that people ask for first. */
const FIRST = ["K", "Li", "Mg", "Na", "Cl", "B", "Br"];
const carrierName = (carrier: string): string => (carrier === "mass" || carrier === "water" || carrier === "energy" || carrier === "carbon" ? w[carrier]() : carrier);

function Caveats({ run, caveats }: { run: Run; caveats: Schema["Sentence"][] }) {
  return (
    <div className="notice plain" role="note" aria-label={w.notMeasured()}>
      <b>{run.kind === "measured" ? w.modelled() : w.simulated()}</b>
      {run.synthetic && <p>{w.synthetic()}</p>}
      {caveats.length > 0 && (
        <details>
          <summary>{`${w.notMeasured()} (${caveats.length})`}</summary>
          {caveats.map((caveat) => (
            <p key={caveat.en}>{text(caveat)}</p>
          ))}
        </details>
      )}
    </div>
  );
}

function OfRun({ run, carrier, from, to, set }: { run: Run; carrier: string; from: string; to: string; set: (more: Record<string, string>) => void }) {
  const [chosen, choose] = useState(-1);
  const path = { name: run.name };
  const about = useAsked(() => answered(api.GET("/api/runs/{name}", { params: { path } })), [run.name]);
  const asked = useAsked(
    () => answered(api.GET("/api/runs/{name}/circulation", { params: { path, query: { carrier, from: from || undefined, to: to || undefined } } })),
    [run.name, carrier, from, to],
  );
  const elements = [...(about.data?.elements ?? [])].sort((a, b) => (FIRST.indexOf(a) + 99) % 99 - ((FIRST.indexOf(b) + 99) % 99) || a.localeCompare(b));
  const carriers = ["mass", ...(about.data?.water ? ["water"] : []), ...(about.data?.energy ? ["energy"] : []), ...(about.data?.carbon ? ["carbon"] : []), ...elements];
  const found = asked.data;
  const title = found ? w.diagram({ what: carrierName(found.carrier), from: found.from, to: found.to }) : carrierName(carrier);
  const date = (key: "from" | "to", value: string) => (
    <label className="field">
      {w[key]()}
      <input type="date" min={run.from} max={run.to} value={value} onChange={(event) => set({ [key]: event.target.value })} />
    </label>
  );
  return (
    <>
      <div className="row">
        <label className="field">
          {w.what()}
          <select value={carrier} onChange={(event) => set({ carrier: event.target.value })}>
            {(carriers.includes(carrier) ? carriers : [carrier, ...carriers]).map((one) => (
              <option key={one} value={one}>
                {carrierName(one)}
              </option>
            ))}
          </select>
        </label>
        {date("from", from || run.from)}
        {date("to", to || run.to)}
        {(from || to) && (
          <button type="button" onClick={() => set({ from: "", to: "" })}>
            {w.whole()}
          </button>
        )}
      </div>
      {about.data && <Caveats run={run} caveats={about.data.caveats} />}
      <Problem error={about.error ?? asked.error} again={asked.again} />
      {asked.isAsking && !found && <Loading />}
      {found && found.links.length === 0 && <p className="faint">{w.none()}</p>}
      {found && found.links.length > 0 && (
        <>
          <Panel title={title}>
            <Diagram circulation={found} title={title} chosen={chosen} choose={choose} />
          </Panel>
          <div className="cols">
            <Panel title={w.table()}>
              <Flows circulation={found} chosen={chosen} />
            </Panel>
            {found.nodes.some((node) => node.stock_change) && (
              <Panel title={w.stocks()}>
                <Stocks circulation={found} />
              </Panel>
            )}
          </div>
          {found.unknown.length > 0 && <p className="faint small">{w.unknown({ streams: list(found.unknown) })}</p>}
        </>
      )}
      <AccountsOf run={run.name} from={from} to={to} carrier={carrier} />
    </>
  );
}

export default function CirculationPage() {
  const [search, setSearch] = useSearchParams();
  const runs = useAsked(() => answered(api.GET("/api/runs")), []);
  const all = runs.data?.runs ?? [];
  const run = all.find((one) => one.name === search.get("run")) ?? all.find((one) => one.kind === "measured") ?? all[0];
  const set = (more: Record<string, string>) =>
    setSearch(
      (now) => {
        const next = new URLSearchParams(now);
        for (const [key, value] of Object.entries(more)) {
          if (value) next.set(key, value);
          else next.delete(key);
        }
        return next;
      },
      { replace: true },
    );
  return (
    <>
      {runs.isAsking && !runs.data && <Loading />}
      <Problem error={runs.error} again={runs.again} />
      {runs.data && !run && (
        <p>
          {w.noRuns()} <Link href="/scenarios">{w.make()}</Link>
        </p>
      )}
      {run && (
        <>
          <div className="row">
            <label className="field">
              {w.run()}
              <select value={run.name} onChange={(event) => set({ run: event.target.value, from: "", to: "" })}>
                {all.map((one) => (
                  <option key={one.name} value={one.name}>
                    {runName(one)}
                  </option>
                ))}
              </select>
            </label>
          </div>
          <OfRun key={run.name} run={run} carrier={search.get("carrier") ?? "K"} from={search.get("from") ?? ""} to={search.get("to") ?? ""} set={set} />
        </>
      )}
    </>
  );
}
