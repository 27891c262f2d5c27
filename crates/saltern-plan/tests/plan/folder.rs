//! Bases for tests: folders of the examples, and folders made of texts.

use saltern_base::energy::{self, Energy};
use std::path::PathBuf;

/// The energy side of an example.
pub(crate) fn example(name: &str) -> Energy {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples")
        .join(name);
    let files = |file: &str| std::fs::read_to_string(folder.join(file)).ok();
    energy::read(name, &files).unwrap_or_else(|errors| panic!("{name}: {errors:?}"))
}

/// The first steps of a base, with the profiles as long.
pub(crate) fn shortened(mut energy: Energy, steps: usize) -> Energy {
    energy.window.steps = steps;
    for profile in &mut energy.profiles {
        profile.values.truncate(steps);
    }
    energy
}

/// The energy side of a folder made of texts, of one day unless it has a `base.toml` of its own.
pub(crate) fn made_of(files: &[(&str, &str)]) -> Energy {
    try_made_of(files).unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// As [`made_of`], with what is wrong.
pub(crate) fn try_made_of(files: &[(&str, &str)]) -> Result<Energy, Vec<saltern_base::BaseError>> {
    const ONE_DAY: &str = "[base]\nname = \"test\"\n[site]\nlatitude = \"36 deg\"\nlongitude = \"95 deg\"\n\
        elevation = \"2700 m\"\nutc_offset = \"8 h\"\n[period]\nfrom = \"2027-01-01\"\nto = \"2027-01-01\"\n";
    let text = |name: &str| {
        let own = files.iter().find(|(file, _)| *file == name);
        let own = own.map(|(_, text)| (*text).to_string());
        own.or_else(|| (name == "base.toml").then(|| ONE_DAY.to_string()))
    };
    energy::read("test", &text)
}

/// `profiles.csv` of a day with one column, from its value by hour.
pub(crate) fn profile(header: &str, value: impl Fn(usize) -> f64) -> String {
    let rows = (0..24).map(|hour| format!("{hour},{}\n", value(hour)));
    format!("step,{header}\n{}", rows.collect::<String>())
}
