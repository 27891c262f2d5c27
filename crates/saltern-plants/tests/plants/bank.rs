//! A flotation bank of its own, for tests of fits and specs.

/// A bank alone: no equilibrium, so a solution is quick and all but exact.
pub(crate) const BANK: &str = r#"
[units.bank]
kind = "flotation"
recovery = { Sylvite = "80 %" }
entrainment = { Halite = "10 %" }
froth_solids = "30 %"

[streams.slurry]
to = "bank"
rate = "100 t/h"
solids = { Sylvite = "15 %", Halite = "20 %" }
brine = "water"

[streams.froth]
from = "bank.froth"

[streams.sink]
from = "bank.sink"

[measures.grade]
measure = "mass(froth, Sylvite) / mass(froth)"
"#;
