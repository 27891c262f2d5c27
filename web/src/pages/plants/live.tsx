// What the plant's meters say beside what the model says at the same feed.

import { Value } from "../../parts/value";
import { number, percent, unit } from "../../text/lang";
import type { Tag } from "../../api/client";
import { live } from "../../live/store";
import { useAsked } from "../../api/use";
import type { Plant } from "./layout";
import { lastNight } from "./night";
import { w } from "./words";

export interface Meters {
  feed?: Tag;
  product?: Tag;
  power?: Tag;
  state?: Tag;
  specific?: Tag;
}

/** A plant's meters, by the last word of their ids, which tells apart what has the same quantity. */
export function metersOf(tags: readonly Tag[]): Meters {
  const ending = (word: string) => tags.find((tag) => tag.id.endsWith(`.${word}`));
  return { feed: ending("feed"), product: ending("product"), power: ending("power"), state: ending("state"), specific: ending("specific_power") };
}

/** What the model makes of the plant's file, in the units of the meters. */
export function modelled(plant: Plant, lead: string): { feed: number; product: number; power: number } {
  const feed = plant.streams.find((stream) => stream.id === lead)?.mass_t_h ?? Number.NaN;
  const products = plant.streams.filter((stream) => stream.to == null && stream.role === "product");
  return { feed, product: products.reduce((sum, stream) => sum + stream.mass_t_h, 0), power: plant.electricity_kw / 1000 };
}

export function Live({ plant, lead, meters, factor }: { plant: Plant; lead: string; meters: Meters; factor: number }) {
  const model = modelled(plant, lead);
  const asked = useAsked(() => lastNight(plant), [plant], 300_000);
  const night = asked.data ?? undefined;
  const rows: [string, Tag | undefined, number, number | undefined, string][] = [
    [w.feed(), meters.feed, model.feed * factor, night?.feed, "t/h"],
    [w.product(), meters.product, model.product * factor, night?.product, "t/h"],
    [w.electricity(), meters.power, model.power * factor, night?.power, "MW"],
    [w.specific(), meters.specific, (1000 * model.power) / model.product, night && (1000 * night.power) / night.product, "kWh/t"],
  ];
  const apart = (tag: Tag | undefined, value: number): string => {
    const own = tag ? live.usable(tag.n) : Number.NaN;
    return Number.isFinite(own) && value > 0 ? percent(own / value - 1, 2) : "–";
  };
  return (
    <>
      <table>
        <thead>
          <tr>
            <th>{w.quantity()}</th>
            <th className="number">{w.measured()}</th>
            <th className="number">{w.modelled()}</th>
            {night && <th className="number">{w.night({ day: night.day })}</th>}
            <th className="number">{w.apart()}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, tag, value, own, symbol]) => (
            <tr key={name}>
              <td>{name}</td>
              <td className="number">{tag ? <Value tag={tag} /> : "–"}</td>
              <td className="number">{`${number(value)} ${unit(symbol)}`}</td>
              {night && <td className="number">{`${number(own)} ${unit(symbol)}`}</td>}
              <td className="number">{apart(tag, own ?? value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="faint small">{night ? w.nightWhy() : w.liveWhy()}</p>
    </>
  );
}
