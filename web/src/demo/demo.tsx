// A played plant: its pace, and what can be made to go wrong with it.

import { useEffect, useState, type FormEvent } from "react";
import { answered, api, type Schema } from "../api/client";
import { useAsked } from "../api/use";
import { setPlantClock } from "../live/clock";
import { Dialog } from "../parts/dialog";
import { Problem } from "../parts/problem";
import { usePark } from "../session";
import { clockTime, number, text, unit } from "../text/lang";
import { w } from "./words";

type Demo = Schema["DemoView"];
const SIZES: Record<string, number> = { leak: 2, drift: 0.001, storm: 20 };
const PACES = [1, 10, 60, 600];

const faultName = (kind: string): string => w[kind as "leak"]?.() ?? kind;

function Begin({ demo, done }: { demo: Demo; done: (demo: Promise<unknown>) => void }) {
  const { base, tags } = usePark();
  const [kind, setKind] = useState(demo.kinds[0]?.kind ?? "");
  const chosen = demo.kinds.find((one) => one.kind === kind);
  const targets: Record<string, [id: string, name: string][]> = {
    pond: base.ponds.map((pond) => [pond.id, text(pond.name)]),
    link: base.links.map((link) => [link.id, link.id]),
    tag: tags.filter((tag) => /^(opcua|mqtt|modbus):/.test(tag.source)).map((tag) => [tag.id, text(tag.name)]),
    connection: tags.flatMap((tag) => (tag.id.startsWith("saltern.connection.") ? [[tag.id.split(".").pop()!, text(tag.name)] as [string, string]] : [])),
  };
  const own = targets[chosen?.befalls ?? ""] ?? [];
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const size = form.get("size");
    const body = { kind, target: String(form.get("target") ?? ""), size: size === null ? null : Number(size) };
    done(answered(api.POST("/api/demo/faults", { body })));
  };
  return (
    <form className="row" onSubmit={submit}>
      <label className="field">
        {w.fault()}
        <select value={kind} onChange={(event) => setKind(event.target.value)}>
          {demo.kinds.map((one) => (
            <option key={one.kind} value={one.kind}>
              {faultName(one.kind)}
            </option>
          ))}
        </select>
      </label>
      {own.length > 0 && (
        <label className="field">
          {w.befalls()}
          <select name="target" key={kind}>
            {own.map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      {chosen?.unit != null && (
        <label className="field">
          {`${w.size()} [${chosen.unit === "1/d" ? w.perDay() : unit(chosen.unit)}]`}
          <input name="size" key={kind} type="number" step="any" defaultValue={SIZES[kind] ?? 1} required />
        </label>
      )}
      <button className="primary">{w.begin()}</button>
    </form>
  );
}

export function DemoPanel({ close }: { close: () => void }) {
  const { may, who } = usePark();
  const asked = useAsked(() => answered(api.GET("/api/demo")), [], 5000);
  const [error, setError] = useState<unknown>(null);
  const demo = asked.data;
  useEffect(() => {
    if (demo) setPlantClock(demo.now_ms, demo.speed);
  }, [demo]);
  const done = (work: Promise<unknown>) => {
    setError(null);
    work.catch(setError).finally(asked.again);
  };
  const mayPlay = may("arrange") && !who.tenant;
  const paces = demo ? [...new Set([...PACES, demo.speed])].filter((pace) => pace <= demo.fastest).sort((a, b) => a - b) : [];
  return (
    <Dialog title={w.title()} close={close}>
        <p className="faint small">{w.about()}</p>
        <Problem error={error ?? asked.error} />
        {demo?.trouble && <p className="critical">{text(demo.trouble.message)}</p>}
        {demo && mayPlay && (
          <label className="field">
            {w.pace()}
            <select value={demo.speed} onChange={(event) => done(answered(api.PUT("/api/demo/speed", { body: { speed: Number(event.target.value) } })))}>
              {paces.map((pace) => (
                <option key={pace} value={pace}>{`× ${number(pace)}`}</option>
              ))}
            </select>
          </label>
        )}
        {demo && mayPlay && <Begin demo={demo} done={done} />}
        <h3>{w.holding()}</h3>
        {demo?.faults.length === 0 && <p className="faint">{w.nothing()}</p>}
        <ul className="stack">
          {demo?.faults.map((fault) => (
            <li key={fault.number} className="row apart">
              <span>
                {`${faultName(fault.kind)} ${fault.target} ${fault.size ? number(fault.size) : ""}`}
                <span className="faint small"> {w.since({ time: clockTime(fault.from_ms) })}</span>
              </span>
              {mayPlay && (
                <button type="button" onClick={() => done(answered(api.DELETE("/api/demo/faults/{number}", { params: { path: { number: fault.number } } })))}>
                  {w.end()}
                </button>
              )}
            </li>
          ))}
        </ul>
        <div className="row">
          <button type="button" onClick={close}>
            {w.close()}
          </button>
        </div>
    </Dialog>
  );
}
