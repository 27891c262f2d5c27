// People and the programs that act in their names.

import { answered, api } from "../../../api/client";
import { useAsked } from "../../../api/use";
import { Loading, Problem } from "../../../parts/problem";
import { Tokens } from "./tokens";
import { Users } from "./users";

export default function People() {
  const asked = useAsked(
    async () => {
      const [users, tokens] = await Promise.all([answered(api.GET("/api/users")), answered(api.GET("/api/tokens"))]);
      return { users, tokens };
    },
    [],
    30_000,
  );
  return (
    <>
      {!asked.data && asked.isAsking && <Loading />}
      <Problem error={asked.error} again={asked.again} />
      {asked.data && <Users users={asked.data.users} again={asked.again} />}
      {asked.data && <Tokens tokens={asked.data.tokens} users={asked.data.users} again={asked.again} />}
    </>
  );
}
