//! How long a plant takes: `cargo bench -p saltern-plants`.
//!
//! Twenty units with three recycles, two of them nested (KCl by cold decomposition and flotation): cold, with nothing
//! remembered, and warm, from the state before with a hundredth more ore.

use divan::Bencher;
use saltern_brine::thermo::default_database;
use saltern_plants::matter::Matter;
use saltern_plants::room::Room;
use saltern_plants::solve::solve;

#[allow(dead_code, reason = "shared with the tests")]
#[path = "../tests/plants/reference.rs"]
mod reference;

fn main() {
    divan::main();
}

#[divan::bench]
fn cold(bencher: Bencher<'_, '_>) {
    let database = default_database();
    let matter = Matter::new(&database).expect("tables");
    let mut plant = reference::plant("kcl", &matter);
    bencher.bench_local(|| {
        let mut room = Room::new(&matter);
        solve(&mut plant, &mut room, None).expect("a state").closure
    });
}

#[divan::bench]
fn warm(bencher: Bencher<'_, '_>) {
    let database = default_database();
    let matter = Matter::new(&database).expect("tables");
    let mut plant = reference::plant("kcl", &matter);
    let mut room = Room::new(&matter);
    let mut state = solve(&mut plant, &mut room, None).expect("a state");
    let ore = plant.stream("ore").expect("ore");
    let mut factor = 1.01;
    bencher.bench_local(|| {
        let feed = plant.streams[ore].feed.take();
        plant.streams[ore].feed = feed.map(|feed| feed.times(factor));
        factor = 1.0 / factor;
        state = solve(&mut plant, &mut room, Some(&state)).expect("a state");
    });
}
