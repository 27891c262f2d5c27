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
