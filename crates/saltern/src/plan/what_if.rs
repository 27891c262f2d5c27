//! What if: some days of a dispatch solved while somebody waits, with a few things otherwise than in the base.
//!
//! The whole period is planned once, as the base has it, units partly on. The days that are asked for are a window of that plan:
//! stores and waiting work as it has them when the window begins, water values and what waiting work will cost when it ends, and of
//! each quota whatever the rest of the period does not need. What is otherwise holds within the window alone: work that arrived
//! before keeps its deadline.

use std::path::Path;

use jiff::ToSpan;
use jiff::civil::Date;
use saltern_base::energy::{Energy, GeneratorKind, Identity, JobKind, Profile, ProfileValue};
use saltern_base::model::Label;
use saltern_plan::dispatch::{self, Ends, Guide, Outcome, Outside, Rules, Series};
use saltern_plan::solution::Status;
use saltern_plan::solver::Options;
use saltern_run::contents::Name;
use saltern_run::plan::{PlanAnswer, PlanCause};
use saltern_server::{DispatchWish, Dispatched, Lever, Problem, ServerError};
use saltern_units::Lang;

use super::failure::PlanFailure;
use super::{Solved, answer, outside, plants, reasons, solve, solve_between, tracing};
use crate::failure::Failure;
use crate::simulate::Folder;

/// W in a MW, J in a MWh, s in an hour, kg in a tonne.
const MW: f64 = 1e6;
const MWH: f64 = 3.6e9;
const HOUR_S: f64 = 3600.0;
const TONNE_KG: f64 = 1e3;
/// Longest that somebody waits for a window, s.
const PATIENCE_S: f64 = 10.0;
/// Id of the price of carbon among what may be otherwise.
const CARBON_PRICE: &str = "carbon_price";

mod meters;

/// The plan of a base's whole period, which its windows follow.
pub(crate) struct Period {
    energy: Energy,
    outside: Outside,
    guide: Guide,
    followed: Outcome,
}

impl Period {
    /// Reads the energy side of a base and plans its period.
    pub(crate) fn plan(base: &Path) -> Result<Period, Failure> {
        let folder = Folder::open(base)?;
        if folder.table("energy_nodes.csv")?.is_none() {
            return Err(Failure::problems(vec![Problem::from(
                ServerError::NoEnergy,
            )]));
        }
        let mut energy = folder.energy()?;
        let steps = energy.window.steps;
        plants::read(&folder, &mut energy, None, steps)?;
        let (outside, _) = outside::read(&folder, &energy)?;
        let series = Series::of(&energy, &outside);
        let rules = Rules {
            whole_units: false,
            flexible: true,
        };
        let options = Options::default();
        let solved = solve(&energy, &series, rules, &options)?;
        let Some(followed) = solved.outcome.clone() else {
            return Err(impossible(&energy, &outside, &series, &solved, &options));
        };
        let guide = Guide::of(&energy, &series, &solved.plan, &solved.solution);
        Ok(Period {
            energy,
            outside,
            guide,
            followed,
        })
    }

    /// Some days of it, with what is otherwise.
    pub(crate) fn dispatch(&self, wish: &DispatchWish) -> Result<Dispatched, Failure> {
        let energy = self.changed(wish)?;
        let first = self.first(wish)?;
        let last = first.saturating_add(i64::from(wish.days - 1).days());
        let steps = energy.window.steps_of_days(first, last);
        let usual = Series::of(&self.energy, &self.outside);
        let mut whole = Series::of(&energy, &self.outside);
        for (queue, usual) in usual.due.iter().enumerate() {
            let otherwise = &whole.due[queue];
            whole.due[queue] = due_from(usual, otherwise, &whole.arriving[queue], steps.start);
        }
        let (series, mut ends) = dispatch::window(&whole, &self.guide, &self.followed, steps);
        self.fit(&mut ends, wish);
        let rules = Rules {
            whole_units: true,
            flexible: true,
        };
        let options = Options {
            time_limit_s: Some(PATIENCE_S),
            ..Options::default()
        };
        let solved = solve_between(&energy, &series, &ends, rules, &options)?;
        let Some(outcome) = &solved.outcome else {
            return Err(impossible(
                &energy,
                &self.outside,
                &series,
                &solved,
                &options,
            ));
        };
        let traced = dispatch::trace(&energy, &series, outcome);
        let mut plan = answer::answer(&energy, &series, &solved, None);
        plan.units = answer::units(&energy, &series, &solved, &[]);
        plan.matching = Some(tracing::answer(&energy, &traced));
        Ok(Dispatched {
            period: self.days(),
            plan,
            dispatch: answer::frame(&energy, &series, &solved, &[]),
            tracing: tracing::frame(&energy, &series, &traced),
            caveats: energy.caveats.clone(),
            levers: levers(&self.energy),
        })
    }

    /// First and last day of the period.
    fn days(&self) -> (Date, Date) {
        let window = self.energy.window;
        let last = window.moment(window.steps.saturating_sub(1));
        (window.start.date(), last.date())
    }

    /// First day that is planned. Where today is outside of the period, the same day of the period's first year stands for it.
    fn first(&self, wish: &DispatchWish) -> Result<Date, Failure> {
        let (first, last) = self.days();
        let holds = |day: Date| (first..=last).contains(&day);
        match wish.from {
            Some(day) if holds(day) => Ok(day),
            Some(day) => Err(PlanFailure::Outside { day, first, last }.into()),
            None if holds(wish.today) => Ok(wish.today),
            None => {
                let same = Date::new(first.year(), wish.today.month(), wish.today.day());
                Ok(same.ok().filter(|day| holds(*day)).unwrap_or(first))
            }
        }
    }

    /// What a window begins with, as far as what is otherwise has room for it: a store that is larger or smaller is as full as it
    /// would have been.
    fn fit(&self, ends: &mut Ends, wish: &DispatchWish) {
        let Ends::Window { levels, .. } = ends else {
            return;
        };
        for (level, store) in levels.iter_mut().zip(&self.energy.stores) {
            *level *= wish.scales.get(&store.who.id).unwrap_or(&1.0);
        }
    }

    /// The energy side with what is otherwise.
    fn changed(&self, wish: &DispatchWish) -> Result<Energy, Failure> {
        let mut energy = self.energy.clone();
        for (id, by) in &wish.scales {
            if !scaled(&mut energy, id, *by) {
                return Err(self.unknown(id));
            }
        }
        for (id, hours) in &wish.deadlines_h {
            let mut classes = energy.classes.iter_mut();
            let waits = classes.find(|class| class.who.id == *id && may_wait(class.kind));
            let class = waits.ok_or_else(|| self.unknown(id))?;
            class.deadline_s = hours * HOUR_S;
        }
        if let Some(price) = wish.carbon_price {
            energy.carbon_price = price / TONNE_KG;
        }
        Ok(energy)
    }

    fn unknown(&self, id: &str) -> Failure {
        let known = levers(&self.energy).into_iter().map(|lever| lever.id);
        PlanFailure::UnknownLever {
            id: id.into(),
            known: known.collect(),
        }
        .into()
    }
}

/// When work is due where deadlines are otherwise from a step on: what has arrived before is due as it was, what arrives later as it
/// is now. Whoever comes later is due no earlier in either, so that of what is due from that step on the first is what was open.
fn due_from(usual: &[f64], otherwise: &[f64], arriving: &[f64], first: usize) -> Vec<f64> {
    let before = |due: &[f64]| {
        let open = arriving[..first].iter().sum::<f64>() - due[..first].iter().sum::<f64>();
        open.max(0.0)
    };
    let (mut carried, mut skipped) = (before(usual), before(otherwise));
    let mut due = usual.to_vec();
    for t in first..due.len() {
        let (old, new) = (usual[t].min(carried), otherwise[t].min(skipped));
        carried -= old;
        skipped -= new;
        due[t] = old + otherwise[t] - new;
    }
    due
}

fn may_wait(kind: JobKind) -> bool {
    kind != JobKind::Interactive
}

/// Multiplies the capacity of a unit; false where there is none of that name.
fn scaled(energy: &mut Energy, id: &str, by: f64) -> bool {
    if let Some(generator) = energy.generators.iter_mut().find(|g| g.who.id == id) {
        generator.capacity_w *= by;
        // A profile of powers is not a share of the capacity, so it grows with it.
        if let Some(own) = generator.profile {
            generator.profile = Some(energy.profiles.len());
            energy.profiles.push(grown(&energy.profiles[own], by));
        }
        return true;
    }
    if let Some(store) = energy.stores.iter_mut().find(|s| s.who.id == id) {
        store.capacity_j *= by;
        store.charge_w *= by;
        store.discharge_w *= by;
        return true;
    }
    if let Some(grid) = energy.grids.iter_mut().find(|g| g.who.id == id) {
        grid.import_w *= by;
        return true;
    }
    let hall = energy.halls.iter_mut().find(|h| h.who.id == id);
    hall.map(|hall| hall.power_w *= by).is_some()
}

fn grown(profile: &Profile, by: f64) -> Profile {
    let by = match profile.value {
        ProfileValue::Power => by,
        _ => 1.0,
    };
    Profile {
        values: profile.values.iter().map(|value| value * by).collect(),
        ..profile.clone()
    }
}

/// What may be otherwise, as it is in the base.
fn levers(energy: &Energy) -> Vec<Lever> {
    let lever = |who: &Identity, kind, value, unit: &str| Lever {
        id: who.id.clone(),
        name: who.name.clone(),
        kind,
        value,
        unit: unit.into(),
    };
    let generators = energy.generators.iter();
    let generators = generators.map(|g| lever(&g.who, kind(g.kind), g.capacity_w / MW, "MW"));
    let stores = energy.stores.iter();
    let stores = stores.map(|s| lever(&s.who, "store", s.capacity_j / MWH, "MWh"));
    let grids = energy.grids.iter();
    let grids = grids.map(|g| lever(&g.who, "import", g.import_w / MW, "MW"));
    let halls = energy.halls.iter();
    let halls = halls.map(|h| lever(&h.who, "hall", h.power_w / MW, "MW"));
    let classes = energy.classes.iter().filter(|class| may_wait(class.kind));
    let classes = classes.map(|c| lever(&c.who, "deadline", c.deadline_s / HOUR_S, "h"));
    let carbon = Lever {
        id: CARBON_PRICE.into(),
        name: Label {
            en: "Price of carbon".into(),
            zh: "碳价".into(),
        },
        kind: CARBON_PRICE,
        value: energy.carbon_price * TONNE_KG,
        unit: format!("{}/t", energy.currency),
    };
    let units = generators.chain(stores).chain(grids).chain(halls);
    units.chain(classes).chain([carbon]).collect()
}

fn kind(kind: GeneratorKind) -> &'static str {
    match kind {
        GeneratorKind::Pv => "pv",
        GeneratorKind::Wind => "wind",
        GeneratorKind::SolarField => "solar_field",
        GeneratorKind::Hydro => "hydro",
        GeneratorKind::Fuel => "fuel",
    }
}

/// Why there is no dispatch, in one sentence: what cannot hold together, and the cheapest way out.
fn impossible(
    energy: &Energy,
    outside: &Outside,
    series: &Series,
    solved: &Solved,
    options: &Options,
) -> Failure {
    if solved.solution.status == Status::Limit {
        return PlanFailure::NoneInTime.into();
    }
    let mut answer = PlanAnswer::default();
    if let Err(failure) = reasons::find(energy, outside, series, solved, options, &mut answer) {
        return failure;
    }
    let told = |lang: Lang| {
        let joined = |causes: &[PlanCause]| {
            let texts = causes.iter().map(|cause| &cause.text);
            let texts: Vec<&str> = texts.map(|text| &**lang.pick(&text.en, &text.zh)).collect();
            texts.join(lang.pick("; ", "；"))
        };
        let way_out = lang.pick(" — cheapest way out: ", "——代价最小的调整：");
        match answer.relaxation.is_empty() {
            true => joined(&answer.conflict),
            false => joined(&answer.conflict) + way_out + &joined(&answer.relaxation),
        }
    };
    let reasons = Name {
        en: told(Lang::En),
        zh: told(Lang::Zh),
    };
    PlanFailure::Impossible { reasons }.into()
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeMap;
    use std::sync::LazyLock;

    use jiff::civil::date;

    use super::*;

    pub(super) static PERIOD: LazyLock<Period> = LazyLock::new(|| {
        let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/qarhan");
        Period::plan(&base).unwrap_or_else(|failure| panic!("{}", failure.text(Lang::En)))
    });

    fn wish() -> DispatchWish {
        DispatchWish {
            from: Some(date(2027, 10, 12)),
            today: date(2027, 1, 1),
            days: 3,
            scales: BTreeMap::new(),
            deadlines_h: BTreeMap::new(),
            carbon_price: None,
        }
    }

    fn with(scales: &[(&str, f64)]) -> DispatchWish {
        let scales = scales.iter().map(|(id, by)| (id.to_string(), *by));
        DispatchWish {
            scales: scales.collect(),
            ..wish()
        }
    }

    fn plan(wish: &DispatchWish) -> PlanAnswer {
        let found = PERIOD.dispatch(wish);
        let found = found.unwrap_or_else(|failure| panic!("{wish:?}: {}", failure.text(Lang::En)));
        assert_eq!(found.plan.status, "optimal", "{wish:?}");
        found.plan
    }

    fn cost(wish: &DispatchWish) -> f64 {
        plan(wish).objective.expect("a cost")
    }

    #[test]
    fn what_has_arrived_before_keeps_its_deadline() {
        // One a step; two steps of wait before, none from the third step on.
        let arriving = [1.0; 6];
        let (usual, otherwise) = ([0.0, 0.0, 1.0, 1.0, 1.0, 3.0], [1.0; 6]);
        let due = due_from(&usual, &otherwise, &arriving, 3);
        assert_eq!(due, [0.0, 0.0, 1.0, 2.0, 2.0, 1.0]);
        assert_eq!(due_from(&usual, &usual, &arriving, 3), usual);
        // And the other way round.
        let due = due_from(&otherwise, &usual, &arriving, 3);
        assert_eq!(due, [1.0, 1.0, 1.0, 0.0, 0.0, 3.0]);
    }

    /// The story: work was left to what comes after the days for nothing, and what had waited before them and no longer might was
    /// forgotten. Two days with a wait of six hours then cost more than without any, and a wait of a day earned a third of all.
    #[test]
    fn longer_waits_cost_no_more() {
        let waits = [0.0, 2.0, 4.0, 6.0, 8.0, 12.0, 18.0, 24.0];
        for from in [date(2027, 7, 2), date(2027, 1, 20), date(2027, 10, 12)] {
            let cost = |wait: f64| {
                let deadlines_h = BTreeMap::from([("batch".to_string(), wait)]);
                cost(&DispatchWish {
                    from: Some(from),
                    days: 2,
                    deadlines_h,
                    ..wish()
                })
            };
            let costs = waits.map(cost);
            let slack = 1e-4 * costs[0].abs();
            for pair in costs.windows(2) {
                assert!(pair[1] <= pair[0] + slack, "{from}: {costs:?}");
            }
        }
    }

    #[test]
    fn more_of_anything_costs_no_more_and_less_time_costs_no_less() {
        let base = cost(&wish());
        for id in ["pv", "wind", "battery", "grid", "hall"] {
            let (less, same, more) = (
                cost(&with(&[(id, 0.8)])),
                cost(&with(&[(id, 1.0)])),
                cost(&with(&[(id, 2.0)])),
            );
            assert_eq!(same, base, "{id}");
            // A battery that is larger begins with more, which is worth what the plan of the period says; it may be valued at more.
            let slack = 1e-6 * base.abs();
            if id != "battery" {
                assert!(
                    more <= base + slack && base <= less + slack,
                    "{id}: {more} {base} {less}"
                );
            }
        }
        assert!(cost(&with(&[("pv", 2.0)])) < base);
        let deadline = |hours: f64| DispatchWish {
            deadlines_h: BTreeMap::from([("batch".to_string(), hours)]),
            ..wish()
        };
        let (at_once, as_it_is, two_days) = (
            cost(&deadline(0.0)),
            cost(&deadline(24.0)),
            cost(&deadline(48.0)),
        );
        assert_eq!(as_it_is, base);
        assert!(
            two_days <= base && base < at_once,
            "{two_days} {base} {at_once}"
        );
        let dear = plan(&DispatchWish {
            carbon_price: Some(5000.0),
            ..wish()
        });
        assert!(dear.carbon_t < plan(&wish()).carbon_t);
        assert_eq!(dear.carbon_price, 5000.0);
    }

    #[test]
    fn what_cannot_be_is_refused_with_what_can() {
        let refused = |wish: &DispatchWish| {
            let found = PERIOD.dispatch(wish);
            let text = found.map(|_| "nothing refused".into());
            text.unwrap_or_else(|failure| failure.text(Lang::En))
        };
        let unknown = refused(&with(&[("moon", 2.0)]));
        assert!(
            unknown.contains("plan.unknown_lever") && unknown.contains("battery"),
            "{unknown}"
        );
        // Services are answered at once.
        let services = refused(&DispatchWish {
            deadlines_h: BTreeMap::from([("services".to_string(), 4.0)]),
            ..wish()
        });
        assert!(services.contains("plan.unknown_lever"), "{services}");
        let outside = refused(&DispatchWish {
            from: Some(date(2031, 1, 1)),
            ..wish()
        });
        assert!(
            outside.contains("plan.outside") && outside.contains("2027-12-31"),
            "{outside}"
        );
    }

    #[test]
    fn a_day_of_another_year_stands_for_itself_in_the_period() {
        let today = |today: Date| DispatchWish {
            from: None,
            today,
            ..wish()
        };
        let first = |wish: &DispatchWish| PERIOD.first(wish).expect("a day");
        assert_eq!(first(&today(date(2027, 7, 2))), date(2027, 7, 2));
        assert_eq!(first(&today(date(2031, 7, 2))), date(2027, 7, 2));
        assert_eq!(first(&today(date(2028, 2, 29))), date(2027, 1, 1));
    }

    #[test]
    fn a_dark_park_without_a_price_of_shortage_is_told_why_it_cannot_be_served() {
        let mut energy = PERIOD.energy.clone();
        energy.nodes[0].shortage_price = None;
        let strict = Period {
            energy,
            outside: PERIOD.outside.clone(),
            guide: PERIOD.guide.clone(),
            followed: PERIOD.followed.clone(),
        };
        assert!(strict.dispatch(&wish()).is_ok());
        let dark = with(&[("pv", 0.0), ("wind", 0.0), ("battery", 0.0), ("grid", 0.0)]);
        let refused = strict.dispatch(&dark).expect_err("nothing gives power");
        let (en, zh) = (refused.text(Lang::En), refused.text(Lang::Zh));
        assert!(
            en.contains("plan.impossible") && en.contains("cheapest way out"),
            "{en}"
        );
        assert!(zh.contains("代价最小"), "{zh}");
    }
}
