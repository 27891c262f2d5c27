// The chosen pond at a glance: level against limits, brine, what it loses, what comes next, where brine comes from and goes.

import { Link } from "wouter";
import type { Pond } from "../../api/client";
import { Gauge } from "../../parts/gauge";
import { Value } from "../../parts/value";
import { plantNow } from "../../live/clock";
import { usePark } from "../../session";
import { number, text, unit } from "../../text/lang";
import type { Estimates } from "./comes";
import { nextHarvest } from "./harvest";
import { assayOf, tagsOf } from "./measure";
import { stageName } from "./stage";
import { w } from "./words";

const IONS = ["K", "Mg", "Na", "Ca", "Li", "Cl", "SO4", "B"];

interface Props {
  pond: Pond;
  estimates: Estimates | undefined;
  /** Whether it stands on the pond's own page. */
  isWhole?: boolean;
}

export function Card({ pond, estimates, isWhole = false }: Props) {
  const park = usePark();
  const own = tagsOf(park, pond.id);
  const level = own.find((tag) => tag.id === `${pond.id}.level`) ?? own.find((tag) => tag.quantity === "level");
  const rest = own.filter((tag) => ["density", "temperature"].includes(tag.quantity));
  const told = (quantity: string) => estimates?.ponds.find((of) => of.pond === pond.id && of.quantity === quantity);
  const [leak, salt] = [told("leak"), told("salt")];
  const harvest = nextHarvest(park.base.harvests, pond.id, plantNow(), park.base.utc_offset_h);
  const phases = (estimates?.phases ?? []).filter((phase) => phase.pond === pond.id && phase.middle_d != null);
  const ways = (side: "from" | "to") => park.base.links.filter((link) => link[side] === pond.id);
  const name = (id: string) => text((park.base.ponds.find((p) => p.id === id) ?? park.base.places.find((p) => p.id === id))?.name ?? { en: id, zh: id });
  const way = (link: (typeof park.base.links)[number], other: string) => {
    const flow = tagsOf(park, link.id).find((tag) => tag.quantity === "flow" && !tag.writing);
    return (
      <li key={link.id} className="row apart">
        <span>{name(other)}</span>
        {flow && <Value tag={flow} />}
      </li>
    );
  };
  return (
    <div className="stack card">
      <h1>{text(pond.name)}</h1>
      <p className="faint small">
        {`${stageName(pond.stage)} · ${number(pond.area_m2 / 1e6)} km²`}
      </p>
      {level && (
        <div>
          <div className="row apart">
            <Value tag={level} />
            <span className="faint small">{w.ofTarget({ target: number(pond.depth_target_m), crest: number(pond.depth_max_m) })}</span>
          </div>
          <Gauge tag={level} low={0} high={pond.depth_max_m} band={[pond.depth_min_m, pond.depth_max_m]} target={pond.depth_target_m} label={w.gauge({ name: text(pond.name) })} />
        </div>
      )}
      <dl className="facts">
        {rest.map((tag) => (
          <div key={tag.id}>
            <dt>{text(tag.name).split(/[:：]\s*/).pop()?.replace(text(pond.name), "")}</dt>
            <dd>
              <Value tag={tag} />
            </dd>
          </div>
        ))}
        {IONS.map((ion) => ({ ion, tag: assayOf(park, pond.id, ion), model: told(ion) })).filter(({ tag }) => tag).map(({ ion, tag, model }) => (
          <div key={ion}>
            <dt>{ion}</dt>
            <dd>
              <Value tag={tag!} />
              {model && model.value != null && <div className="faint small">{w.band({ value: number(model.value), low: number(model.low), high: number(model.high), unit: unit(model.unit) })}</div>}
            </dd>
          </div>
        ))}
        {leak && (
          <div>
            <dt>{w.leak()}</dt>
            <dd>{w.leakBand({ value: number(leak.value, 2), low: number(leak.low, 2), high: number(leak.high, 2) })}</dd>
          </div>
        )}
        {salt && (
          <div>
            <dt>{w.salt()}</dt>
            <dd>{w.band({ value: number(salt.value, 3), low: number(salt.low, 3), high: number(salt.high, 3), unit: unit(salt.unit) })}</dd>
          </div>
        )}
      </dl>
      {phases.map((phase) => (
        <p key={phase.mineral} className="small">
          {w.nextMineral({ mineral: phase.mineral, days: number(phase.middle_d, 2), low: number(phase.low_d, 2), high: number(phase.high_d, 2) })}
        </p>
      ))}
      {harvest && <p className="small">{harvest.in_d > 0 ? w.harvestIn({ days: harvest.in_d }) : w.harvestNow({ days: harvest.left_d })}</p>}
      {estimates?.evening && <p className="faint small">{w.byModel({ day: estimates.evening })}</p>}
      {ways("to").length > 0 && (
        <div>
          <h3 className="faint small">{w.inflow()}</h3>
          <ul>{ways("to").map((link) => way(link, link.from))}</ul>
        </div>
      )}
      {ways("from").length > 0 && (
        <div>
          <h3 className="faint small">{w.outflow()}</h3>
          <ul>{ways("from").map((link) => way(link, link.to))}</ul>
        </div>
      )}
      {!isWhole && <Link href={`/pond/${pond.id}`}>{w.open()}</Link>}
    </div>
  );
}
