// One pond: how it went, what it holds by measurement and by model, what it lost, what comes next, its ledger and its analyses.

import { useState } from "react";
import { Link, useLocation, useParams } from "wouter";
import { answered, api, type Pond as PondOf, type Schema } from "../../api/client";
import { useAsked } from "../../api/use";
import { plantNow, usePlantClock } from "../../live/clock";
import { Panel } from "../../parts/panel";
import { Problem } from "../../parts/problem";
import { Segments } from "../../parts/segments";
import { Trend, type Span } from "../../parts/trend";
import { Value } from "../../parts/value";
import { usePark } from "../../session";
import { dateTime, NONE, number, percent, text, unit } from "../../text/lang";
import { live } from "../../live/store";
import { Card } from "../lake/card";
import { useEstimates, type Estimates } from "../lake/comes";
import { assayOf, tagsOf } from "../lake/measure";
import { Floor } from "./floor";
import { ALL, ledger } from "./ledger";
import { Phases } from "./phases";
import { residuals } from "./residual";
import { w } from "./words";
import "../lake/lake.css";
import "./pond.css";

const DAY_MS = 86_400_000;

function History({ pond }: { pond: PondOf }) {
  const park = usePark();
  const [days, setDays] = useState<"7" | "30" | "90">("30");
  const [fixed, setFixed] = useState<Span | null>(null);
  const now = usePlantClock(60_000);
  const own = tagsOf(park, pond.id);
  const quantities = ["level", "density", "temperature"].flatMap((quantity) => own.filter((tag) => tag.quantity === quantity && tag.source !== "calculated").slice(0, 1));
  const tags = [...quantities, ...["K", "Mg"].flatMap((ion) => assayOf(park, pond.id, ion) ?? [])];
  const span = fixed ?? { from_ms: now - Number(days) * DAY_MS, to_ms: now };
  const choices = [["7", w.days7()] as const, ["30", w.days30()] as const, ["90", w.days90()] as const];
  return (
    <Panel title={w.trends()} aside={<Segments label={w.span()} choices={choices} value={days} onChange={(value) => (setFixed(null), setDays(value))} />}>
      <div className="pond-trends">
        {tags.map((tag, i) => (
          <figure key={tag.id}>
            <figcaption className="small">
              <Link href={`/trend?tags=${encodeURIComponent(tag.id)}&hours=${24 * Number(days)}`}>{`${text(tag.name)} [${unit(tag.unit)}]`}</Link>
            </figcaption>
            <Trend tag={tag} span={span} onZoom={setFixed} onBack={() => setFixed(null)} height={150} series={i + 1} />
          </figure>
        ))}
      </div>
    </Panel>
  );
}

type OfPond = Schema["QuantityView"];

/** The tag that measures what an estimate tells. */
function measuring(park: ReturnType<typeof usePark>, pond: PondOf, quantity: string) {
  const own = tagsOf(park, pond.id).filter((tag) => tag.source !== "calculated");
  return own.find((tag) => tag.quantity === quantity) ?? assayOf(park, pond.id, quantity);
}

function State({ pond, estimates }: { pond: PondOf; estimates: Estimates | undefined }) {
  const park = usePark();
  // Elements that the brine does not hold say nothing.
  const rows = (estimates?.ponds ?? []).filter((of) => of.pond === pond.id && (of.value !== 0 || of.high !== 0));
  const name = (quantity: string) => w[quantity as "level"]?.() ?? quantity;
  const apart = (of: OfPond): string => {
    const tag = measuring(park, pond, of.quantity);
    const value = tag ? live.usable(tag.n) : Number.NaN;
    // g/cm³ of a meter and kg/m³ of a model, if so.
    const scale = tag && tag.unit === "g/cm3" && of.unit === "kg/m3" ? 1000 : 1;
    const half = ((of.high ?? 0) - (of.low ?? 0)) / 2;
    return Number.isFinite(value) && half > 0 && of.value != null ? number((value * scale - of.value) / half, 2) : NONE;
  };
  return (
    <Panel title={w.state()}>
      {estimates?.evening ? <p className="faint small">{w.stateWhy({ day: estimates.evening })}</p> : <p className="faint">{w.noNight()}</p>}
      {rows.length > 0 && (
        <div className="scroll" tabIndex={0} role="group" aria-label={w.state()}>
        <table>
          <thead>
            <tr>
              <th>{w.quantity()}</th>
              <th className="number">{w.measured()}</th>
              <th className="number">{w.modelled()}</th>
              <th className="number">{w.apart()}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((of) => {
              const tag = measuring(park, pond, of.quantity);
              return (
                <tr key={of.quantity}>
                  <td>{name(of.quantity)}</td>
                  <td className="number">{tag ? <Value tag={tag} /> : ""}</td>
                  <td className="number">
                    {`${number(of.value)} `}
                    <span className="faint small">{`(${number(of.low)}–${number(of.high)}) ${unit(of.unit)}`}</span>
                  </td>
                  <td className="number">{tag ? apart(of) : ""}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
        </div>
      )}
    </Panel>
  );
}

function Leak({ pond, estimates }: { pond: PondOf; estimates: Estimates | undefined }) {
  const leak = estimates?.leaks.find((of) => of.pond === pond.id);
  if (!leak || leak.beyond_mm_d == null || leak.sigma_mm_d == null) {
    return (
      <Panel title={w.leakPanel()}>
        <p className="faint">{w.leakWait()}</p>
      </Panel>
    );
  }
  const { beyond_mm_d: value, sigma_mm_d: sigma } = leak;
  const limit = (leak.threshold ?? 3) * sigma;
  const most = Math.max(limit, Math.abs(value) + 2 * sigma) * 1.2;
  const x = (mm: number) => 50 + (50 * mm) / most;
  const fields = { value: number(value, 2), sigma: number(sigma, 2) };
  return (
    <Panel title={w.leakPanel()}>
      <p className={leak.found ? "high" : ""}>{leak.found ? `▲ ${w.leakFound(fields)}` : w.leakNone(fields)}</p>
      <svg className="leak" viewBox="0 0 100 12" preserveAspectRatio="none" role="img" aria-label={w.leakScale()}>
        <rect className="band" x={x(value - 1.96 * sigma)} width={x(value + 1.96 * sigma) - x(value - 1.96 * sigma)} y="3" height="6" />
        <rect className="zero" x="49.9" width="0.2" height="12" />
        <rect className="limit" x={x(limit) - 0.2} width="0.4" height="12" />
        <rect className="value" x={x(value) - 0.4} width="0.8" y="1" height="10" />
      </svg>
      <p className="faint small">{w.leakTest({ deviations: number(leak.deviations, 2), threshold: number(leak.threshold, 3) })}</p>
    </Panel>
  );
}

function Next({ pond, estimates }: { pond: PondOf; estimates: Estimates | undefined }) {
  const phases = (estimates?.phases ?? []).filter((phase) => phase.pond === pond.id);
  return (
    <Panel title={w.next()}>
      {!estimates?.evening && <p className="faint">{w.noNight()}</p>}
      {estimates?.evening && phases.length === 0 && <p className="faint">{w.nextNone()}</p>}
      <ul className="stack">
        {phases.map((phase) => (
          <li key={phase.mineral}>
            {w.nextOne({ mineral: phase.mineral, middle: number(phase.middle_d), low: number(phase.low_d), high: number(phase.high_d), share: percent((phase.share_percent ?? 0) / 100) })}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

async function lastLedger(pond: string) {
  const { closings } = await answered(api.GET("/api/closings"));
  const days = closings.filter((closing) => closing.kind === "day");
  const last = days.at(-1);
  if (!last) return null;
  const closing = await answered(api.GET("/api/closings/{id}", { params: { path: { id: last.id } } }));
  // It may be asked for as a table as well.
  const made = typeof closing === "string" ? null : ledger(pond, closing.values);
  return made && { made, period: last.id, residual: await residuals(pond, last.id, made.columns).catch(() => new Map<string, number | null>()) };
}

function Book({ pond }: { pond: PondOf }) {
  const asked = useAsked(() => lastLedger(pond.id), [pond.id], 300_000);
  const found = asked.data;
  return (
    <Panel title={w.ledger()}>
      <Problem error={asked.error} again={asked.again} />
      {!asked.isAsking && !found && !asked.error && <p className="faint">{w.ledgerNone()}</p>}
      {found && (
        <>
          <p className="faint small">{w.ledgerOf({ period: found.period, unit: unit(found.made.unit) })}</p>
          <div className="scroll" tabIndex={0} role="group" aria-label={w.ledger()}>
            <table>
              <thead>
                <tr>
                  <th>{w.stream()}</th>
                  {found.made.columns.map((column) => (
                    <th key={column} className="number">
                      {column === ALL ? w.all() : column}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {found.made.rows.map(({ stream, values }) => (
                  <tr key={stream}>
                    <td>{w[stream as "inflow"]()}</td>
                    {values.map((cell, i) => (
                      <td key={found.made.columns[i]} className="number">
                        {cell ? number(cell.value, 4) : ""}
                      </td>
                    ))}
                  </tr>
                ))}
                {found.residual.size > 0 && (
                  <tr className="marked">
                    <td>{w.residual()}</td>
                    {found.made.columns.map((column) => (
                      <td key={column} className="number">
                        {found.residual.get(column)?.toExponential(1) ?? NONE}
                      </td>
                    ))}
                  </tr>
                )}
              </tbody>
            </table>
          </div>
          <p className="faint small">{w.residualWhy()}</p>
        </>
      )}
    </Panel>
  );
}

function Assays({ pond }: { pond: PondOf }) {
  const park = usePark();
  const asset = park.assetOf.get(pond.id);
  const asked = useAsked(() => answered(api.GET("/api/assays", { params: { query: { asset: asset ?? pond.id } } })), [asset], 60_000);
  const all = [...(asked.data ?? [])].reverse();
  return (
    <Panel title={w.assays()}>
      <Problem error={asked.error} again={asked.again} />
      {asked.data && all.length === 0 && <p className="faint">{w.assaysNone()}</p>}
      {all.length > 0 && (
        <table>
          <thead>
            <tr>
              <th>{w.taken()}</th>
              <th>{w.verdict()}</th>
            </tr>
          </thead>
          <tbody>
            {all.slice(0, 12).map((analysis) => (
              <tr key={analysis.time_ms}>
                <td className="number">{dateTime(analysis.time_ms)}</td>
                <td>
                  <span className={analysis.doubted && !analysis.decision ? "high" : ""}>
                    {!analysis.doubted ? w.believed() : analysis.decision ? (analysis.decision.accepted ? w.accepted : w.rejected)({ who: analysis.decision.who }) : `▲ ${w.doubted()}`}
                  </span>
                  {analysis.judgement?.figures
                    .filter((figure) => figure.implied != null)
                    .map((figure) => (
                      <div key={figure.tag} className="small faint">
                        {w.shouldBe({ name: figure.component, value: number(figure.value), implied: number(figure.implied), unit: unit(figure.unit) })}
                      </div>
                    ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

export default function Pond() {
  const { base } = usePark();
  const { id } = useParams<{ id: string }>();
  const [, go] = useLocation();
  const estimates = useEstimates();
  const pond = base.ponds.find((one) => one.id === id) ?? (id === undefined ? base.ponds[0] : undefined);
  if (!pond) return <p>{w.unknown({ id: id ?? "" })}</p>;
  return (
    <>
      <label className="row">
        <span className="faint">{w.choose()}</span>
        <select value={pond.id} onChange={(event) => go(`/pond/${event.target.value}`)}>
          {base.ponds.map((one) => (
            <option key={one.id} value={one.id}>
              {text(one.name)}
            </option>
          ))}
        </select>
        <span className="faint small number">{dateTime(plantNow())}</span>
      </label>
      <div className="pond-page" key={pond.id}>
        <div className="stack main">
          <History pond={pond} />
          <div className="cols">
            <State pond={pond} estimates={estimates.data} />
            <div className="stack">
              <Leak pond={pond} estimates={estimates.data} />
              <Next pond={pond} estimates={estimates.data} />
              <Assays pond={pond} />
            </div>
          </div>
          <div className="cols">
            <Phases pond={pond} />
            <Floor pond={pond} />
          </div>
          <Book pond={pond} />
        </div>
        <Panel title={w.ways()}>
          <Card pond={pond} estimates={estimates.data} isWhole />
        </Panel>
      </div>
    </>
  );
}
