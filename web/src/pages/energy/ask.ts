// Asking for a dispatch while sliders move: not more often than somebody can look, the last answer stays until the next one is there.

import { useEffect, useRef, useState } from "react";
import { answered, api, Refused, type Schema } from "../../api/client";
import type { WhatIf } from "./difference";

export type Live = Schema["WhatIfView"];

/** How long a slider rests before it is asked. */
const REST_MS = 200;
/** After how long it is asked again where too many wait. */
const BUSY_MS = 1500;

export interface Asking {
  data: Live | undefined;
  error: unknown;
  /** Whether something newer was asked than is shown. */
  isOld: boolean;
}

const NOTHING = { data: undefined, error: null, of: "" };

/** The answer to the last wish; none is asked for while there is none. On another day it is asked again. */
export function useDispatch(wish: WhatIf | null, today: string): Asking {
  const [state, setState] = useState<{ data: Live | undefined; error: unknown; of: string }>(NOTHING);
  const [round, setRound] = useState(0);
  const isFirst = useRef(true);
  const key = wish ? JSON.stringify(wish) : "";

  useEffect(() => {
    if (!key) {
      setState(NOTHING);
      return;
    }
    const stop = new AbortController();
    let again = 0;
    const ask = async () => {
      try {
        const data = await answered(api.POST("/api/energy/dispatch", { body: JSON.parse(key) as WhatIf, signal: stop.signal }));
        if (!stop.signal.aborted) setState({ data, error: null, of: key });
      } catch (error) {
        if (stop.signal.aborted) return;
        if (error instanceof Refused && error.status === 429) again = window.setTimeout(() => setRound((round) => round + 1), BUSY_MS);
        else setState((now) => ({ data: now.data, error, of: key }));
      }
    };
    const timer = window.setTimeout(() => void ask(), isFirst.current ? 0 : REST_MS);
    isFirst.current = false;
    return () => {
      window.clearTimeout(timer);
      window.clearTimeout(again);
      stop.abort();
    };
  }, [key, round, today]);

  return { data: key ? state.data : undefined, error: key ? state.error : null, isOld: key !== "" && state.of !== key };
}
