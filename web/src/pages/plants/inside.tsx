// What is in the chosen stream, or what the chosen unit does.

import type { Schema } from "../../api/client";
import { list, number, percent, text } from "../../text/lang";
import type { Plant } from "./layout";
import type { Chosen } from "./sheet";
import { w } from "./words";

function Parts({ title, parts, of }: { title: string; parts: Schema["PartOfStream"][]; of: number }) {
  if (parts.length === 0) return null;
  return (
    <table>
      <thead>
        <tr>
          <th>{title}</th>
          <th className="number">{"t/h"}</th>
          <th className="number">{w.share()}</th>
        </tr>
      </thead>
      <tbody>
        {parts.slice(0, 10).map((part) => (
          <tr key={part.name.en}>
            <td>{text(part.name)}</td>
            <td className="number">{number(part.mass_t_h * of, 4)}</td>
            <td className="number">{percent(part.mass_t_h / parts.reduce((sum, one) => sum + one.mass_t_h, 0), 3)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Inside({ plant, factor, chosen }: { plant: Plant; factor: number; chosen: Chosen }) {
  const unit = (at: number | null | undefined): string => (at == null ? w.outside() : text(plant.units[at]!.name));
  if (!chosen) return <p className="faint">{w.choose()}</p>;
  if (chosen.is === "unit") {
    const { name, electricity_kw: power, heat_kw: heat, remarks, kind } = plant.units[chosen.at]!;
    const through = plant.streams.map((stream, at) => ({ stream, at }));
    const side = (title: string, streams: typeof through) => (
      <>
        <dt>{title}</dt>
        <dd>{list(streams.map(({ stream }) => `${text(stream.name)} ${number(stream.mass_t_h * factor, 4)}`)) || "–"}</dd>
      </>
    );
    return (
      <dl className="inside">
        <dt>{w.unit()}</dt>
        <dd>{`${text(name)} (${kind})`}</dd>
        <dt>{w.power()}</dt>
        <dd className="number">{power == null ? w.unknown() : `${number(power * factor)} kW`}</dd>
        <dt>{w.heat()}</dt>
        <dd className="number">{heat == null ? w.unknown() : `${number(heat * factor)} kW`}</dd>
        {side(`${w.enters()} [t/h]`, through.filter(({ stream }) => stream.to === chosen.at))}
        {side(`${w.leaves()} [t/h]`, through.filter(({ stream }) => stream.from === chosen.at))}
        {remarks.map((remark) => (
          <dd key={remark.en} className="faint small">
            {text(remark)}
          </dd>
        ))}
      </dl>
    );
  }
  const stream = plant.streams[chosen.at]!;
  return (
    <>
      <dl className="inside">
        <dt>{w.stream()}</dt>
        <dd>{text(stream.name)}</dd>
        <dt>{w.from()}</dt>
        <dd>{unit(stream.from)}</dd>
        <dt>{w.to()}</dt>
        <dd>{unit(stream.to)}</dd>
        <dt>{w.mass()}</dt>
        <dd className="number">{`${number(stream.mass_t_h * factor)} t/h`}</dd>
        <dt>{w.ofLiquid()}</dt>
        <dd className="number">{stream.mass_t_h > 0 ? percent(stream.liquid_t_h / stream.mass_t_h, 3) : "–"}</dd>
        <dt>{w.temperature()}</dt>
        <dd className="number">{`${number(stream.temperature_degc, 3)} °C`}</dd>
      </dl>
      <Parts title={w.solids()} parts={stream.solids} of={factor} />
      <Parts title={w.dissolved()} parts={stream.dissolved} of={factor} />
    </>
  );
}
