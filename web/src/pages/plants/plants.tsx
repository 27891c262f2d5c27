// Plants: the flowsheet drawn from the model with what flows now, what is in each stream, balances, recoveries, meters beside it.

import { useEffect, useState } from "react";
import { useLocation, useParams } from "wouter";
import { answered, api, type Schema } from "../../api/client";
import { useAsked } from "../../api/use";
import { Panel } from "../../parts/panel";
import { Loading, Problem } from "../../parts/problem";
import { Segments } from "../../parts/segments";
import { Value } from "../../parts/value";
import { usePark } from "../../session";
import { live } from "../../live/store";
import { number, text, unit } from "../../text/lang";
import { tagsOf } from "../lake/measure";
import { Balance } from "./balance";
import { Inside } from "./inside";
import type { Plant } from "./layout";
import { Live, metersOf, modelled, type Meters } from "./live";
import { Legend, Sheet, type Chosen } from "./sheet";
import { w } from "./words";
import "./plants.css";

type OfBase = Schema["PlantOfBaseView"];

/** The usable value of a tag, read again every so often: flows of a whole sheet need not follow each second. */
function useReading(n: number | undefined): number {
  const [value, setValue] = useState(() => (n == null ? Number.NaN : live.usable(n)));
  useEffect(() => {
    if (n == null) return;
    const read = () => setValue(live.usable(n));
    read();
    const timer = setInterval(read, 2000);
    return () => clearInterval(timer);
  }, [n]);
  return value;
}

function State({ meters }: { meters: Meters }) {
  const state = useReading(meters.state?.n);
  const said = state === 0 ? w.stopped() : state === 1 ? w.running() : state === 2 ? `▲ ${w.tripped()}` : w.unknownState();
  return <b className={state === 2 ? "high" : ""}>{said}</b>;
}

function Measures({ plant }: { plant: Plant }) {
  return (
    <table>
      <tbody>
        {plant.measures.map(({ id, name, value, half, unit: symbol }) => (
          <tr key={id}>
            <td>{text(name)}</td>
            <td className="number">{`${number(value)} ${unit(symbol)}`}</td>
            <td className="small faint">{half == null ? w.noBand() : w.band({ low: number(value - half), high: number(value + half), unit: unit(symbol) })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function OfPlant({ plant, of, meters }: { plant: Plant; of: OfBase; meters: Meters }) {
  const [chosen, choose] = useState<Chosen>(null);
  const [isLive, setLive] = useState(true);
  const [isWhole, setWhole] = useState(false);
  const feed = useReading(meters.feed?.n);
  const design = modelled(plant, of.lead).feed;
  const isFed = Number.isFinite(feed) && feed > 0 && design > 0;
  const factor = isLive && isFed ? feed / design : 1;
  const caveats = plant.caveats.concat(plant.not_counted);
  return (
    <>
      <Panel
        title={w.flowsheet()}
        aside={
          <div className="row">
            <Segments label={w.view()} choices={[["readable", w.readable()], ["whole", w.whole()]] as const} value={isWhole ? "whole" : "readable"} onChange={(value) => setWhole(value === "whole")} />
            {isFed && <Segments label={w.scale()} choices={[["live", w.asLive()], ["file", w.asFile()]] as const} value={isLive ? "live" : "file"} onChange={(value) => setLive(value === "live")} />}
          </div>
        }
      >
        <p className="faint small">{isLive && isFed ? w.scaled({ factor: number(factor, 3), feed: number(feed) }) : feed === 0 ? w.standing() : w.unscaled()}</p>
        <Sheet plant={plant} factor={factor} isWhole={isWhole} chosen={chosen} choose={choose} />
        <Legend />
      </Panel>
      <div className="cols">
        <Panel title={chosen?.is === "unit" ? w.unit() : w.stream()}>
          <Inside plant={plant} factor={factor} chosen={chosen} />
        </Panel>
        <div className="stack">
          <Panel title={w.live()}>
            <Live plant={plant} lead={of.lead} meters={meters} factor={factor} />
          </Panel>
          {plant.measures.length > 0 && (
            <Panel title={w.measures()}>
              <Measures plant={plant} />
            </Panel>
          )}
        </div>
      </div>
      <Panel title={w.balance()}>
        <Balance plant={plant} factor={factor} />
        <p className="faint small">{`${w.closes({ closure: plant.closure.toExponential(1) })} ${w.takes({ power: number(plant.electricity_kw * factor), heat: number(plant.heating_kw * factor), cooling: number(plant.cooling_kw * factor) })}`}</p>
      </Panel>
      {caveats.length > 0 && (
        <div className="notice plain" role="note" aria-label={w.caveats()}>
          <b>{w.caveats()}</b>
          {caveats.map((caveat) => (
            <p key={caveat.en}>{text(caveat)}</p>
          ))}
        </div>
      )}
    </>
  );
}

function Load({ of, meters }: { of: OfBase; meters: Meters }) {
  const feed = useReading(meters.feed?.n);
  if (of.capacity_t_d == null || !Number.isFinite(feed)) return null;
  return (
    <span className="number">
      {`${w.load()} ${number((100 * feed * 24) / of.capacity_t_d, 3)} % `}
      <span className="faint small">{w.loadWhy({ capacity: number(of.capacity_t_d) })}</span>
    </span>
  );
}

export default function PlantsPage() {
  const park = usePark();
  const { id } = useParams<{ id: string }>();
  const [, go] = useLocation();
  const plants = useAsked(() => answered(api.GET("/api/plants")), [park.base.generation]);
  const of = plants.data?.find((one) => one.id === id) ?? (id === undefined ? plants.data?.[0] : undefined);
  const told = useAsked(() => (of ? answered(api.GET("/api/plants/{id}", { params: { path: { id: of.id } } })) : Promise.resolve(undefined)), [of?.id, park.base.generation]);
  const plant = told.data?.id === of?.id ? told.data : undefined;
  const meters = metersOf(of ? tagsOf(park, of.id) : []);
  return (
    <>
      <Problem error={plants.error ?? told.error} again={() => (plants.again(), told.again())} />
      {plants.data && !of && <p>{w.none()}</p>}
      {plants.data && of && (
        <div className="row">
          <label className="row">
            <span className="faint">{w.plant()}</span>
            <select value={of.id} onChange={(event) => go(`/plants/${event.target.value}`)}>
              {plants.data.map((one) => (
                <option key={one.id} value={one.id}>
                  {text(one.name)}
                </option>
              ))}
            </select>
          </label>
          {meters.state && <State meters={meters} />}
          <Load of={of} meters={meters} />
          {meters.power && (
            <span>
              <span className="faint small">{`${w.electricity()} `}</span>
              <Value tag={meters.power} />
            </span>
          )}
        </div>
      )}
      {(plants.isAsking || told.isAsking) && !plant && <Loading />}
      {plant && of && <OfPlant key={plant.id} plant={plant} of={of} meters={meters} />}
    </>
  );
}
