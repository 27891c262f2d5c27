// Data and system: what is measured and analysed, what is closed, who may do what, what was done, and how the server does.

import { lazy, Suspense, type ComponentType } from "react";
import { Link, Route, Switch, useLocation } from "wouter";
import type { Who } from "../../api/client";
import { Loading } from "../../parts/problem";
import { usePark } from "../../session";
import "./data.css";
import { w } from "./words";

interface Tab {
  path: string;
  name: () => string;
  /** Who else need not see it. */
  needs?: Who["rights"][number];
  View: ComponentType;
}

const TABS: Tab[] = [
  { path: "/data", name: w.tags, View: lazy(() => import("./tags/tags")) },
  { path: "/data/assays", name: w.assays, View: lazy(() => import("./assays/assays")) },
  { path: "/data/closings", name: w.closings, View: lazy(() => import("./closings/closings")) },
  { path: "/data/people", name: w.people, needs: "administer", View: lazy(() => import("./people/people")) },
  { path: "/data/audit", name: w.audit, needs: "administer", View: lazy(() => import("./audit/audit")) },
  { path: "/data/system", name: w.system, View: lazy(() => import("./system/system")) },
];

export default function Data() {
  const { may } = usePark();
  const [here] = useLocation();
  const tabs = TABS.filter(({ needs }) => !needs || may(needs));
  const isHere = (path: string) => here === path || (path !== "/data" && here.startsWith(`${path}/`));
  const name = tabs.find(({ path }) => isHere(path))?.name ?? w.unknown;
  return (
    <>
      <h1 className="hidden">{name()}</h1>
      <nav className="tabs" aria-label={w.tabs()}>
        {tabs.map(({ path, name }) => (
          <Link key={path} href={path} aria-current={isHere(path) ? "page" : undefined}>
            {name()}
          </Link>
        ))}
      </nav>
      <Suspense fallback={<Loading />}>
        <Switch>
          {tabs.map(({ path, View }) => (
            <Route key={path} path={path === "/data" ? path : `${path}/*?`}>
              <View />
            </Route>
          ))}
          <Route>
            <p>{w.unknown()}</p>
          </Route>
        </Switch>
      </Suspense>
    </>
  );
}
