// Who is signed in, the base that is served, and its tags: read once, again when the base folder changes.

import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { answered, api, setGuard, whenSignedOut, type Base, type Tag, type Who } from "./api/client";
import { follow } from "./live/stream";
import { live } from "./live/store";
import { setPlantClock } from "./live/clock";
import { setZone } from "./text/lang";

export interface Park {
  who: Who;
  base: Base;
  tags: Tag[];
  byId: Map<string, Tag>;
  byAsset: Map<string, Tag[]>;
  /** The asset that a node of the base is. */
  assetOf: Map<string, string>;
  may: (right: Who["rights"][number]) => boolean;
}

const Context = createContext<Park | null>(null);

export function usePark(): Park {
  const park = useContext(Context);
  if (!park) throw new Error("outside of a session");
  return park;
}

function parkOf(who: Who, base: Base, tags: Tag[]): Park {
  const byAsset = new Map<string, Tag[]>();
  for (const tag of tags) byAsset.set(tag.asset, [...(byAsset.get(tag.asset) ?? []), tag]);
  return {
    who,
    base,
    tags,
    byId: new Map(tags.map((tag) => [tag.id, tag])),
    byAsset,
    assetOf: new Map(base.assets.map((asset) => [asset.node ?? asset.id, asset.id])),
    may: (right) => who.rights.includes(right),
  };
}

export type Standing =
  | { is: "asking" }
  | { is: "out" }
  | { is: "in"; park: Park }
  | { is: "failed"; error: unknown };

/** Asks who is there, and for the base; `again` asks anew. */
export function useStanding(): [Standing, () => void] {
  const [standing, setStanding] = useState<Standing>({ is: "asking" });
  const [round, setRound] = useState(0);
  const again = useCallback(() => setRound((round) => round + 1), []);

  useEffect(() => {
    let isOver = false;
    whenSignedOut(() => setStanding({ is: "out" }));
    const ask = async () => {
      const who = await answered(api.GET("/api/session"));
      setGuard(who.guard ?? null);
      const [base, tags] = await Promise.all([answered(api.GET("/api/base")), answered(api.GET("/api/tags"))]);
      live.resize(Math.max(0, ...tags.map((tag) => tag.n)) + 1);
      setPlantClock(base.now_ms, base.speed);
      setZone(base.utc_offset_h);
      if (!isOver) setStanding({ is: "in", park: parkOf(who, base, tags) });
    };
    ask().catch((error: unknown) => {
      if (!isOver) setStanding((now) => (now.is === "out" ? now : { is: "failed", error }));
    });
    return () => {
      isOver = true;
    };
  }, [round]);

  return [standing, again];
}

/** Hands the park to what is within, and keeps the live stream open. */
export function Session({ park, again, children }: { park: Park; again: () => void; children: ReactNode }) {
  const generation = park.base.generation;
  useEffect(() => follow({ generation, onChange: again }), [generation, again]);
  const value = useMemo(() => park, [park]);
  return <Context value={value}>{children}</Context>;
}
