// What lies on the floor, by mineral, as the measured book of the last night has it: a section, and how it grew.

import type { Pond } from "../../api/client";
import { measuredBook, numbers, seriesOf, texts, type Series } from "../../api/runs";
import { useAsked } from "../../api/use";
import { Panel } from "../../parts/panel";
import { Problem } from "../../parts/problem";
import { list, number, percent } from "../../text/lang";
import { w } from "./words";

interface Layer {
  mineral: string;
  /** kt at the end of the book. */
  mass_kt: number;
  /** kt more than at its beginning. */
  gained_kt: number;
}

/** Minerals of a floor, the largest first, from the rows of a series: one a day and mineral. */
export function layersOf(series: Series): Layer[] {
  const masses = numbers(series, "mass");
  const first = new Map<string, number>();
  const last = new Map<string, number>();
  texts(series, "mineral").forEach((mineral, i) => {
    const mass = masses[i] || 0;
    if (!first.has(mineral)) first.set(mineral, mass);
    last.set(mineral, mass);
  });
  return [...last]
    .map(([mineral, mass]) => ({ mineral, mass_kt: mass / 1000, gained_kt: (mass - first.get(mineral)!) / 1000 }))
    .filter((layer) => layer.mass_kt > 1e-6 || layer.gained_kt < -1e-6)
    .sort((a, b) => b.mass_kt - a.mass_kt);
}

async function floorOf(pond: string) {
  const book = await measuredBook();
  return book && { from: book.from, to: book.to, layers: layersOf(await seriesOf(book.name, "floor", pond)) };
}

export function Floor({ pond }: { pond: Pond }) {
  const asked = useAsked(() => floorOf(pond.id), [pond.id], 300_000);
  const found = asked.data;
  const total = found?.layers.reduce((sum, layer) => sum + layer.mass_kt, 0) ?? 0;
  let x = 0;
  return (
    <Panel title={w.floor()}>
      <Problem error={asked.error} again={asked.again} />
      {!asked.isAsking && (!found || found.layers.length === 0) && <p className="faint">{w.floorNone()}</p>}
      {found && total > 0 && (
        <>
          <svg className="floor" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label={list(found.layers.map((layer) => `${layer.mineral} ${percent(layer.mass_kt / total)}`))}>
            {found.layers.map((layer, i) => {
              const width = (100 * layer.mass_kt) / total;
              const at = x;
              x += width;
              return <rect key={layer.mineral} className={`layer-${i % 5}`} x={at} width={Math.max(0, width - 0.15)} height="6" />;
            })}
          </svg>
          <table>
            <thead>
              <tr>
                <th>{w.mineral()}</th>
                <th className="number">{"kt"}</th>
                <th className="number">{w.share()}</th>
                <th className="number">{`${w.gained()} [kt]`}</th>
              </tr>
            </thead>
            <tbody>
              {found.layers.map((layer, i) => (
                <tr key={layer.mineral}>
                  <td>
                    <i className={`swatch layer-${i % 5}`} />
                    {layer.mineral}
                  </td>
                  <td className="number">{number(layer.mass_kt, 4)}</td>
                  <td className="number">{percent(layer.mass_kt / total, 3)}</td>
                  <td className="number">{number(layer.gained_kt, 3)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="faint small">{w.floorWhy({ from: found.from, to: found.to })}</p>
        </>
      )}
    </Panel>
  );
}
