// The whole of it: who is there decides what is shown.

import { Suspense, useEffect } from "react";
import { Link, Route, Switch } from "wouter";
import { answered, api } from "./api/client";
import { Frame } from "./frame";
import { PAGES } from "./pages";
import { SignIn } from "./pages/sign-in/sign-in";
import { Loading, Problem } from "./parts/problem";
import { Session, useStanding } from "./session";
import { text, useLang } from "./text/lang";
import { w } from "./words";

export function App() {
  const lang = useLang();
  const [standing, again] = useStanding();
  const name = standing.is === "in" ? text(standing.park.base.name) : "";
  useEffect(() => {
    document.title = name ? `${name} · Saltern` : "Saltern";
  }, [name]);

  if (standing.is === "asking") return <Loading />;
  if (standing.is === "failed") return <Problem error={standing.error} again={again} />;
  if (standing.is === "out") return <SignIn done={again} />;
  const signOut = async () => {
    await answered(api.DELETE("/api/session")).catch(() => undefined);
    again();
  };
  return (
    <Session park={standing.park} again={again}>
      <Frame key={lang} signOut={signOut}>
        <Suspense fallback={<Loading />}>
          <Switch>
            {PAGES.map(({ path, View }) => (
              <Route key={path} path={path === "/" ? "/" : `${path}/:id?`}>
                <View />
              </Route>
            ))}
            <Route>
              <p>
                {w.unknown()} <Link href="/">{w.toLake()}</Link>
              </p>
            </Route>
          </Switch>
        </Suspense>
      </Frame>
    </Session>
  );
}
