// What was done, by whom, and whether what is written down is still what was written.

import { useEffect, useState } from "react";
import { answered, api, type Schema } from "../../../api/client";
import { useAsked } from "../../../api/use";
import { Panel } from "../../../parts/panel";
import { Loading, Problem } from "../../../parts/problem";
import { clockTime } from "../../../text/lang";
import { CATEGORIES, detailOf, joined, shown, type Act, type Category } from "./acts";
import { w } from "./words";

const MOST = 200;

const ask = (before?: number) => answered(api.GET("/api/audit", { params: { query: { most: MOST, before } } }));

/** Says whether the chain holds, when it is asked. */
function Check() {
  const [chain, setChain] = useState<Schema["Chain"] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const check = () => answered(api.GET("/api/audit/check")).then(setChain, setError);
  return (
    <span className="row">
      {chain?.holds && (
        <span role="status" className="small">
          {w.holds({ count: chain.acts })}
        </span>
      )}
      {chain && !chain.holds && (
        <b role="alert" className="critical small">
          {w.broken({ at: chain.broken_at ?? "", count: chain.acts })}
        </b>
      )}
      <Problem error={error} />
      <button type="button" onClick={() => void check()}>
        {w.check()}
      </button>
    </span>
  );
}

function Row({ act }: { act: Act }) {
  return (
    <tr>
      <td className="number wide">{act.sequence}</td>
      <td className="number">{clockTime(act.time_ms)}</td>
      <td>{act.who}</td>
      <td>
        <span className="code">{act.action}</span>
        <div className="faint small">{w[act.category as Category]?.() ?? act.category}</div>
      </td>
      <td>{act.object}</td>
      <td className="wide code">{detailOf(act)}</td>
    </tr>
  );
}

function Table({ acts }: { acts: Act[] }) {
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            <th className="number wide">{w.number()}</th>
            <th className="number">{w.time()}</th>
            <th>{w.who()}</th>
            <th>{w.what()}</th>
            <th>{w.object()}</th>
            <th className="wide">{w.detail()}</th>
          </tr>
        </thead>
        <tbody>
          {acts.map((act) => (
            <Row key={act.sequence} act={act} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

export default function Audit() {
  const asked = useAsked(() => ask(), [], 15_000);
  const [acts, setActs] = useState<Act[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [category, setCategory] = useState("");
  const [wanted, setWanted] = useState("");
  useEffect(() => {
    if (asked.data) setActs((known) => joined(known, asked.data ?? []));
  }, [asked.data]);

  const last = acts.at(-1);
  const found = shown(acts, category, wanted);
  const older = () => {
    if (last) ask(last.sequence).then((more) => setActs((known) => joined(known, more)), setError);
  };
  return (
    <Panel title={w.acts()} aside={<Check />}>
      <div className="row">
        <select aria-label={w.category()} value={category} onChange={(event) => setCategory(event.target.value)}>
          <option value="">{w.all()}</option>
          {CATEGORIES.map((category) => (
            <option key={category} value={category}>
              {w[category]()}
            </option>
          ))}
        </select>
        <input type="search" aria-label={w.find()} placeholder={w.find()} value={wanted} onChange={(event) => setWanted(event.target.value)} />
      </div>
      {!asked.data && asked.isAsking && <Loading />}
      <Problem error={asked.error ?? error} again={asked.again} />
      {asked.data && found.length === 0 && <p className="faint">{acts.length === 0 ? w.noneYet() : w.none()}</p>}
      {found.length > 0 && <Table acts={found} />}
      {last && last.sequence > 1 && (
        <div className="row">
          <button type="button" onClick={older}>
            {w.older()}
          </button>
        </div>
      )}
      {acts[0] && (
        <p className="faint small">
          {`${w.latest()}: `}
          <span className="code">{acts[0].hash}</span>
        </p>
      )}
    </Panel>
  );
}
