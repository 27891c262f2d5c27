//! What the meters of a park show that does as the plan of its period has it.

use saltern_base::energy::Identity;
use saltern_demo::PowerUnit;
use saltern_plan::dispatch::Series;

use super::{MW, MWH, Period};

impl Period {
    /// Generators, stores, grids and halls over the period. At each node what they and the lines give is what is taken.
    pub(crate) fn meters(&self) -> Vec<PowerUnit> {
        let Period {
            energy,
            outside,
            followed,
            ..
        } = self;
        let window = energy.window;
        let unit = |who: &Identity, power_mw: &[f64]| PowerUnit {
            id: who.id.clone(),
            from: window.start.date(),
            step_s: 60.0 * f64::from(window.step_min),
            power_w: power_mw.iter().map(|mw| mw * MW).collect(),
            held_j: Vec::new(),
        };
        let less = |given: &[f64], taken: &[f64]| -> Vec<f64> {
            given.iter().zip(taken).map(|(g, t)| g - t).collect()
        };
        let generators = energy.generators.iter().zip(&followed.generation);
        let generators = generators.map(|(generator, given)| unit(&generator.who, given));
        let stores = energy.stores.iter().enumerate().map(|(s, store)| {
            let levels = [followed.start[s]].into_iter();
            let levels = levels.chain(followed.level[s].iter().copied());
            PowerUnit {
                held_j: levels.map(|mwh| mwh * MWH).collect(),
                ..unit(
                    &store.who,
                    &less(&followed.discharge[s], &followed.charge[s]),
                )
            }
        });
        let grids = energy
            .grids
            .iter()
            .enumerate()
            .map(|(g, grid)| unit(&grid.who, &less(&followed.import[g], &followed.export[g])));
        let series = Series::of(energy, outside);
        let halls = energy.halls.iter().enumerate();
        let halls = halls.map(|(h, hall)| unit(&hall.who, &followed.power_of_hall(&series, h)));
        generators.chain(stores).chain(grids).chain(halls).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::PERIOD;
    use super::*;

    /// One bus: what is given is what is taken, in every hour of the year.
    #[test]
    fn what_the_meters_of_a_park_show_balances() {
        let meters = PERIOD.meters();
        let series = Series::of(&PERIOD.energy, &PERIOD.outside);
        let is_hall = |id: &str| PERIOD.energy.halls.iter().any(|hall| hall.who.id == id);
        let ids: Vec<&str> = meters.iter().map(|meter| meter.id.as_str()).collect();
        assert_eq!(ids, ["pv", "wind", "battery", "grid", "hall"]);
        for t in 0..PERIOD.energy.window.steps {
            let given = meters.iter().map(|meter| match is_hall(&meter.id) {
                true => -meter.power_w[t],
                false => meter.power_w[t],
            });
            let given_mw = given.sum::<f64>() / MW;
            let asked_mw = series.demand[0][t] - PERIOD.followed.shortage[0][t];
            assert!(
                (given_mw - asked_mw).abs() < 1e-6,
                "{t}: {given_mw} {asked_mw}"
            );
        }
    }

    /// A store holds what was put in less what was lost and taken out: at most what was put in, and never more than its capacity.
    #[test]
    fn what_a_store_holds_goes_with_its_power() {
        let store = &PERIOD.energy.stores[0];
        let meters = PERIOD.meters();
        let meter = meters.iter().find(|meter| meter.id == store.who.id);
        let meter = meter.expect("the store");
        assert_eq!(meter.held_j.len(), PERIOD.energy.window.steps + 1);
        let mut moved = 0.0;
        for (held, power_w) in meter.held_j.windows(2).zip(&meter.power_w) {
            let (gained_j, put_in_j) = (held[1] - held[0], -power_w * meter.step_s);
            assert!(gained_j <= put_in_j.max(put_in_j * store.efficiency_in) + 1e3);
            assert!((-1e3..=store.capacity_j + 1e3).contains(&held[1]));
            moved += gained_j.abs();
        }
        assert!(moved > store.capacity_j, "it stood still all year");
    }
}
