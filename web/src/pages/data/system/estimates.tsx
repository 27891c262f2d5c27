// The night's estimates: of which evening they hold, whether some are being made, and making them now.

import { useState } from "react";
import { answered, api, type Schema } from "../../../api/client";
import { useAsked } from "../../../api/use";
import { Panel } from "../../../parts/panel";
import { Loading, Problem } from "../../../parts/problem";
import { usePark } from "../../../session";
import { list, text } from "../../../text/lang";
import { Problems } from "../problems";
import { w } from "./words";

type Estimates = Schema["EstimatesView"];

function Standing({ estimates }: { estimates: Estimates }) {
  const { base } = usePark();
  const { evening, at_work, ponds, leaks, problems } = estimates;
  const name = (id: string) => text(base.ponds.find((pond) => pond.id === id)?.name ?? { en: id, zh: id });
  const leaking = leaks.filter(({ found }) => found).map(({ pond }) => name(pond));
  const count = new Set(ponds.map(({ pond }) => pond)).size;
  return (
    <>
      {at_work && <p role="status">{w.atWork()}</p>}
      <p>{evening ? w.evening({ evening, ponds: count, quantities: ponds.length }) : w.noEvening()}</p>
      {evening && <p className={leaking.length > 0 ? "high" : "faint"}>{leaking.length > 0 ? w.leaks({ ponds: list(leaking) }) : w.noLeaks()}</p>}
      <Problems problems={problems} />
    </>
  );
}

export function NightsEstimates() {
  const { may, who } = usePark();
  const asked = useAsked(() => answered(api.GET("/api/estimates")), [], 5000);
  const [error, setError] = useState<unknown>(null);
  const [isMade, setMade] = useState(false);
  const make = () =>
    answered(api.POST("/api/estimates")).then(() => {
      setMade(true);
      setError(null);
      asked.again();
    }, setError);
  return (
    <Panel
      title={w.estimates()}
      aside={
        may("arrange") &&
        who.tenant == null && (
          <button type="button" disabled={asked.data?.at_work} onClick={() => void make()}>
            {w.make()}
          </button>
        )
      }
    >
      {!asked.data && asked.isAsking && <Loading />}
      <Problem error={error ?? asked.error} again={asked.again} />
      {isMade && <p role="status">{w.made()}</p>}
      {asked.data && <Standing estimates={asked.data} />}
    </Panel>
  );
}
