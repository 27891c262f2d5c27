// Lesson 4: what a rain storm costs.

import { useState } from "react";
import { answered, api } from "../../api/client";
import { useAsked } from "../../api/use";
import { Loading, Problem } from "../../parts/problem";
import { usePark } from "../../session";
import { number, text } from "../../text/lang";
import { lastBook } from "./night";
import { daysLost, dissolvedHalite, isNear } from "./sums";
import { BringAbout, Reckon } from "./task";
import { w } from "./words";

/** A storm to reckon with, mm. */
const STORM_MM = 20;

function Play() {
  const asked = useAsked(() => answered(api.GET("/api/demo")), [], 3000);
  const [error, setError] = useState<unknown>(null);
  const rains = asked.data?.faults.some((fault) => fault.kind === "storm") ?? false;
  const begin = () => {
    setError(null);
    answered(api.POST("/api/demo/faults", { body: { kind: "storm", target: "", size: STORM_MM } }))
      .then(asked.again)
      .catch(setError);
  };
  return (
    <BringAbout id="storm.play" question={w.stPlay({ storm: STORM_MM })} hint={w.stPlayHint()} why={w.stPlayWhy()} isSo={rains}>
      <Problem error={error ?? asked.error} />
      <div className="row">
        <button type="button" className="primary" disabled={rains} onClick={begin}>
          {w.stBegin()}
        </button>
      </div>
    </BringAbout>
  );
}

export function Storm() {
  const { base, may, who } = usePark();
  const asked = useAsked(lastBook, []);
  const book = asked.data;
  const halite = base.ponds.filter((pond) => pond.stage === "halite").sort((a, b) => b.area_m2 - a.area_m2)[0] ?? base.ponds[0];
  const own = book?.ponds.find((one) => one.pond === halite?.id);
  const days = own ? daysLost(STORM_MM, own.own) : Number.NaN;
  const salt = halite ? dissolvedHalite(STORM_MM, halite.area_m2) : Number.NaN;
  return (
    <>
      <p>{w.st1()}</p>
      {asked.isAsking && !book && <Loading />}
      <Problem error={asked.error} again={asked.again} />
      {book === null && <p className="notice plain">{w.noBook()}</p>}
      {halite && own && (
        <>
          <table>
            <tbody>
              <tr>
                <td>{w.leArea({ pond: text(halite.name) })}</td>
                <td className="number">{`${number(halite.area_m2 / 1e6, 4)} km²`}</td>
              </tr>
              <tr>
                <td>{w.stEvaporates()}</td>
                <td className="number">{`${number(own.own, 4)} mm/d`}</td>
              </tr>
              <tr>
                <td>{w.stStorm()}</td>
                <td className="number">{`${STORM_MM} mm`}</td>
              </tr>
              <tr>
                <td>{w.stDissolves()}</td>
                <td className="number">{"0.359 kg/kg"}</td>
              </tr>
            </tbody>
          </table>
          <Reckon id="storm.days" question={w.stTask()} unit="d" hint={w.stHint()} why={w.stWhy({ days: number(days, 3) })} isRight={(answer) => isNear(answer, days)} />
          <p>{w.st2()}</p>
          <Reckon id="storm.salt" question={w.stSalt()} unit="t" hint={w.stSaltHint()} why={w.stSaltWhy({ mass: number(salt, 3) })} isRight={(answer) => isNear(answer, salt)} />
        </>
      )}
      {base.played && may("arrange") && !who.tenant && <Play />}
      <p>{w.st3()}</p>
    </>
  );
}
