//! Carnallite leached with water until 60 % of its potassium is in the cake: a plant for tests of reading and of nesting.

pub(crate) const LEACH: &str = r#"
[units.tank]
kind = "tank"
temperature = "25 degC"

[units.filter]
kind = "separator"
moisture = "10 %"

[streams.salt]
to = "tank"
rate = "1 t/h"
solids = { Carnallite = "80 %", Halite = "20 %" }

[streams.water]
to = "tank"
rate = "0.4 t/h"
brine = "water"

[streams.back]
to = "tank"
rate = "0 t/h"
brine = "water"

[streams.slurry]
from = "tank"
to = "filter"

[streams.cake]
from = "filter.solids"

[streams.liquor]
from = "filter.liquor"

[specs.yield]
measure = "mass(cake, K) / mass(salt, K)"
target = "60 %"
vary = "water"
between = ["0.3 t/h", "3 t/h"]
"#;

/// The same with half of its liquor returned to the tank.
pub(crate) fn recycled() -> String {
    let back = "[streams.back]\nto = \"tank\"\nrate = \"0 t/h\"\nbrine = \"water\"\n";
    let liquor = "[streams.liquor]\nfrom = \"filter.liquor\"\n";
    assert!(LEACH.contains(back) && LEACH.contains(liquor));
    let split = "[units.split]\nkind = \"splitter\"\nshare = \"50 %\"\n";
    let to_tank = "[streams.back]\nfrom = \"split.first\"\nto = \"tank\"\n";
    let bleed = "[streams.bleed]\nfrom = \"split.second\"\n";
    LEACH
        .replace(back, &format!("{split}\n{to_tank}"))
        .replace(liquor, &format!("{liquor}to = \"split\"\n\n{bleed}"))
}
