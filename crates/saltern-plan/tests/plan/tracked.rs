//! Quotas, prices of carbon, limits of flexible work and service levels, in days that can be reckoned by hand.

use crate::folder::{made_of, try_made_of};
use saltern_base::energy::Energy;
use saltern_plan::dispatch::{
    self, Ends, Guide, Outcome, Outside, Plan, QuotaTrack, Rolling, Rules, Series,
};
use saltern_plan::solution::{Solution, Status};
use saltern_plan::solver::{Options, Solver};

const BUS: (&str, &str) = ("energy_nodes.csv", "id,carrier\nbus,electricity\n");

struct Solved {
    energy: Energy,
    series: Series,
    plan: Plan,
    solution: Solution,
    outcome: Outcome,
}

fn solved(files: &[(&str, &str)]) -> Solved {
    let energy = made_of(files);
    let series = Series::of(&energy, &Outside::default());
    let plan = dispatch::build(&energy, &series, &Ends::Whole, Rules::default());
    let mut solver = Solver::new(&plan.programme, &Options::default()).expect("a programme");
    let solution = solver.solve().expect("an answer");
    assert_eq!(solution.status, Status::Optimal);
    let outcome = Outcome::of(&energy, &series, &plan, &solution, &Ends::Whole);
    Solved {
        energy,
        series,
        plan,
        solution,
        outcome,
    }
}

impl Solved {
    fn quotas(&self) -> Vec<QuotaTrack> {
        let parts = (&self.plan, &self.solution, &self.outcome);
        dispatch::quotas(&self.energy, &self.series, parts.0, parts.1, parts.2)
    }
}

fn close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-6 * expected.abs().max(1.0),
        "{found} for {expected}"
    );
}

/// 10 MW from a grid at 100 CNY and 0.5 t a MWh, or from an engine at 160 CNY and 0.2 t: 240 MWh, 120 t from the grid.
fn quoted(quota: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![
        BUS,
        (
            "grids.csv",
            "id,node,import [MW],import_price [CNY/MWh],carbon [t/MWh]\ngrid,bus,100,100,0.5\n",
        ),
        (
            "generators.csv",
            "id,kind,node,capacity [MW],cost [CNY/MWh],carbon [t/MWh]\nengine,fuel,bus,100,160,0.2\n",
        ),
        ("energy_demands.csv", "id,node,power [MW]\nload,bus,10\n"),
        ("quotas.csv", quota),
    ]
}

/// 90 t of 120: 100 MWh of 240 come from the engine, and each tonne less costs 60 / 0.3 = 200 CNY.
#[test]
fn a_quota_tells_what_is_left_and_what_a_tonne_is_worth() {
    let found = solved(&quoted("id,carbon [t]\ncap,90\n"));
    let quotas = found.quotas();
    close(quotas[0].left(), 0.0);
    close(quotas[0].price.unwrap(), 200.0);
    close(*quotas[0].used_so_far().last().unwrap(), 90.0);
    close(found.solution.objective, 140.0 * 100.0 + 100.0 * 160.0);

    let found = solved(&quoted("id,carbon [t]\ncap,150\n"));
    close(found.quotas()[0].left(), 30.0);
    assert_eq!(found.quotas()[0].price, Some(0.0));
    // 5 t an hour of the grid alone.
    close(found.quotas()[0].used_so_far()[5], 30.0);
}

/// A rolling plan gives each window its share of the whole, and the rest goes on.
#[test]
fn windows_are_given_their_shares_of_a_quota() {
    let found = solved(&quoted("id,carbon [t]\ncap,90\n"));
    let guide = Guide::of(&found.energy, &found.series, &found.plan, &found.solution);
    let rolling = Rolling {
        window: 6,
        execute: 6,
        foreseen: None,
        guide: Some(guide),
        start: Vec::new(),
    };
    let options = Options::default();
    let (energy, series) = (&found.energy, &found.series);
    let rolled = dispatch::roll(energy, series, &rolling, &options, &mut |_, _| {}).unwrap();
    let quotas = dispatch::rolled_quotas(energy, series, &rolled, &found.quotas());
    let windows = &quotas[0].windows;
    assert_eq!(windows.len(), 4);
    assert_eq!((windows[1].from, windows[1].to), (6, 12));
    close(windows.iter().map(|w| w.used).sum(), 90.0);
    close(quotas[0].price.unwrap(), 200.0);
    for window in windows {
        assert!(window.used <= window.given + 1e-6, "{window:?}");
    }
    let shares: f64 = windows.iter().map(|w| w.given).sum();
    assert!(shares >= 90.0 - 1e-6, "{shares}");
}

/// Above 200 CNY a tonne the engine is cheaper: 100 + 0.5 p = 160 + 0.2 p.
#[test]
fn a_price_of_carbon_changes_who_gives() {
    let with = |price: f64| {
        let mut energy = made_of(&quoted("id,carbon [t]\ncap,1000\n"));
        energy.carbon_price = price / 1e3;
        let series = Series::of(&energy, &Outside::default());
        let plan = dispatch::build(&energy, &series, &Ends::Whole, Rules::default());
        let mut solver = Solver::new(&plan.programme, &Options::default()).unwrap();
        solver.solve().unwrap().objective
    };
    close(with(0.0), 240.0 * 100.0);
    close(with(190.0), 240.0 * 195.0);
    close(with(210.0), 240.0 * (160.0 + 0.2 * 210.0));
    let head = "[base]\nname = \"t\"\n[site]\nlatitude = \"36 deg\"\nlongitude = \"95 deg\"\nelevation = \"0 m\"\n\
        utc_offset = \"8 h\"\n[period]\nfrom = \"2027-01-01\"\nto = \"2027-01-01\"\n[energy]\ncarbon_price = \"80 CNY/t\"\n";
    let energy = made_of(&[BUS, ("base.toml", head)]);
    close(energy.carbon_price, 0.08);
}

/// Work of an hour goes to the hour of the least carbon where prices are the same and carbon has one.
#[test]
fn work_goes_to_the_cleanest_hour() {
    let columns = |t: usize| match t {
        0 => "10,0.6",
        7 => "0,0.1",
        _ => "0,0.5",
    };
    let rows: String = (0..24).map(|t| format!("{t},{}\n", columns(t))).collect();
    let mut found = made_of(&[
        BUS,
        (
            "grids.csv",
            "id,node,import [MW],import_price [CNY/MWh],carbon_profile\ngrid,bus,100,100,factor\n",
        ),
        (
            "profiles.csv",
            &format!("step,work [MW],factor [t/MWh]\n{rows}"),
        ),
        ("halls.csv", "id,node,power [MW]\nhall,bus,10\n"),
        (
            "job_classes.csv",
            "id,kind,halls,profile,deadline [h]\ntrain,deferrable,hall,work,10\n",
        ),
    ]);
    found.carbon_price = 0.08;
    let series = Series::of(&found, &Outside::default());
    let plan = dispatch::build(&found, &series, &Ends::Whole, Rules::default());
    let mut solver = Solver::new(&plan.programme, &Options::default()).unwrap();
    let solution = solver.solve().unwrap();
    close(solution.objective, 10.0 * (100.0 + 80.0 * 0.1));
    let outcome = Outcome::of(&found, &series, &plan, &solution, &Ends::Whole);
    close(outcome.computed[0].power[7], 10.0);
}

/// 20 MWh a day arrive at midnight; the two cheapest of 24 hours are 3 and 4, the hall does 10 MW, of which 2 are taken by
/// interactive work, so that 16 MWh are done then and 4 in hour 5.
fn halls(extra: &[(&'static str, &'static str)]) -> Vec<(&'static str, String)> {
    let price = |t: usize| match t {
        3 | 4 => 50,
        5 => 60,
        _ => 100,
    };
    let rows: String = (0..24)
        .map(|t| format!("{t},{},{}\n", if t == 0 { 20 } else { 0 }, price(t)))
        .collect();
    let mut files = vec![
        (BUS.0, BUS.1.to_string()),
        (
            "grids.csv",
            "id,node,import [MW],import_profile\ngrid,bus,100,price\n".into(),
        ),
        (
            "profiles.csv",
            format!("step,work [MW],price [CNY/MWh]\n{rows}"),
        ),
        ("halls.csv", "id,node,power [MW]\nhall,bus,10\n".into()),
        (
            "job_classes.csv",
            "id,kind,halls,power [MW],profile,deadline [h]\nweb,interactive,hall,2,,\ntrain,deferrable,hall,,work,12\n".into(),
        ),
    ];
    files.extend(
        extra
            .iter()
            .map(|(name, text)| (*name, (*text).to_string())),
    );
    files
}

fn borrowed<'a>(files: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    files
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect()
}

#[test]
fn limits_keep_the_days_work_with_a_margin() {
    let files = halls(&[]);
    let found = solved(&borrowed(&files));
    let curves = dispatch::curves(&found.energy, &found.series, &found.outcome, 0.2);
    let curve = &curves[0];
    for (hour, planned) in [(3, 8.0), (4, 8.0), (5, 4.0), (6, 0.0)] {
        close(curve.planned[hour], planned);
    }
    // 24 MWh must be possible: hours 3 and 4 have no room, so all 4 more stand in hour 5.
    close(curve.limit[3], 8.0);
    close(curve.limit[5], 8.0);
    close(curve.limit.iter().sum(), 24.0);
    close(curve.kept, 1.0);
    for (limit, planned) in curve.limit.iter().zip(&curve.planned) {
        assert!(limit >= planned);
    }
    // 60 % more doesn't fit into those hours: the rest stands where there is room, 8 MW in each of 21 hours.
    let curves = dispatch::curves(&found.energy, &found.series, &found.outcome, 0.6);
    close(curves[0].limit.iter().sum(), 32.0);
    close(curves[0].limit[5], 8.0);
    close(curves[0].limit[0], 8.0 / 21.0);
    // More than a day holds: 24 h · 8 MW = 192 of 20 · 11 = 220 MWh.
    let curves = dispatch::curves(&found.energy, &found.series, &found.outcome, 10.0);
    close(curves[0].limit.iter().sum(), 192.0);
    close(curves[0].kept, 192.0 / 220.0);
}

/// A published limit binds flexible work alone, and sends what it doesn't admit to the next cheapest hour.
#[test]
fn a_published_limit_binds_the_next_dispatch() {
    let limit = "hall,from,to,flexible [MW]\nhall,2027-01-01T03:00,2027-01-01T05:00,5\n";
    let files = halls(&[("hall_limits.csv", limit)]);
    let found = solved(&borrowed(&files));
    let power = &found.outcome.computed[1].power;
    close(power[3], 5.0);
    close(power[4], 5.0);
    close(power[5], 8.0);
    close(power.iter().sum(), 20.0);
    close(found.outcome.computed[0].power[3], 2.0);

    // With too little in all hours of the deadline there is no plan, and the row is named.
    let limit = "hall,from,to,flexible [MW]\nhall,2027-01-01T00:00,2027-01-02T00:00,1\n";
    let files = halls(&[("hall_limits.csv", limit)]);
    let energy = made_of(&borrowed(&files));
    let series = Series::of(&energy, &Outside::default());
    let plan = dispatch::build(&energy, &series, &Ends::Whole, Rules::default());
    let outside = Outside::default();
    let question = saltern_plan::why::Question {
        energy: &energy,
        outside: &outside,
        series: &series,
        plan: &plan,
    };
    let weights = saltern_plan::why::Weights::default();
    let options = Options::default();
    let found = saltern_plan::why::infeasible(&question, &weights, &options)
        .unwrap()
        .unwrap();
    let named = found.conflict.iter().flat_map(|cause| &cause.places);
    let named: Vec<String> = named.map(|p| p.text(saltern_units::Lang::En)).collect();
    assert!(
        named.iter().any(|p| p.contains("hall_limits.csv")),
        "{named:?}"
    );

    let wrong = "hall,from,to,flexible [MW]\nother,2027-01-01T03:00,2027-01-01T05:00,5\n";
    let files = halls(&[("hall_limits.csv", wrong)]);
    assert!(try_made_of(&borrowed(&files)).is_err());
}

/// What a day brings exceeds the day before by at most 50 % in all days, and by 20 % in nine of ten.
#[test]
fn a_margin_is_a_quantile_of_the_errors_of_a_forecast() {
    let head = "[base]\nname = \"t\"\n[site]\nlatitude = \"36 deg\"\nlongitude = \"95 deg\"\nelevation = \"0 m\"\n\
        utc_offset = \"8 h\"\n[period]\nfrom = \"2027-01-01\"\nto = \"2027-01-20\"\n";
    // Twenty days: 100, 120, 100, 120, … with one of 180 after a 120.
    let day = |d: usize| match d {
        10 => 180.0,
        d if d % 2 == 1 => 120.0,
        _ => 100.0,
    };
    let rows: String = (0..480)
        .map(|t| format!("{t},{}\n", if t % 24 == 6 { day(t / 24) } else { 0.0 }))
        .collect();
    let energy = made_of(&[
        BUS,
        ("base.toml", head),
        ("profiles.csv", &format!("step,work [MW]\n{rows}")),
        ("halls.csv", "id,node,power [MW]\nhall,bus,200\n"),
        (
            "job_classes.csv",
            "id,kind,halls,profile,deadline [h]\ntrain,deferrable,hall,work,12\n",
        ),
    ]);
    let series = Series::of(&energy, &Outside::default());
    close(dispatch::arrival_error(&energy, &series, 1.0).unwrap(), 0.5);
    close(dispatch::arrival_error(&energy, &series, 0.9).unwrap(), 0.2);
    let mut short = series.clone();
    short.truncate(24 * 14);
    assert_eq!(dispatch::arrival_error(&energy, &short, 0.9), None);
}

/// 20 MWh at midnight, due by the end of hour 12, are done by hour 5: 7 h before. Of a job that is given up nothing is in time.
#[test]
fn service_tells_slack_and_what_was_given_up() {
    let files = halls(&[]);
    let found = solved(&borrowed(&files));
    let services = dispatch::services(&found.energy, &found.series, &found.outcome);
    close(services[1].arrived_mwh, 20.0);
    close(services[1].in_time_mwh, 20.0);
    close(services[1].worst_slack_h.unwrap(), 7.0);
    close(services[1].mean_wait_h, 5.0);
    close(services[0].worst_slack_h.unwrap(), 0.0);
    close(services[0].arrived_mwh, 48.0);

    let found = solved(&[
        BUS,
        (
            "grids.csv",
            "id,node,import [MW],import_price [CNY/MWh]\ngrid,bus,100,100\n",
        ),
        ("halls.csv", "id,node,power [MW]\nhall,bus,10\n"),
        (
            "job_classes.csv",
            "id,kind,halls,deadline [h],drop_price [CNY/MWh]\ntrain,deferrable,hall,4,500\n",
        ),
        (
            "jobs.csv",
            "id,class,arrives,energy [MWh],deadline [h]\na,train,2027-01-01T02:00,5,\nb,train,2027-01-01T10:00,30,1\n",
        ),
    ]);
    let service = dispatch::services(&found.energy, &found.series, &found.outcome)[0];
    // b can have 20 of its 30 MWh.
    close(service.dropped_mwh, 10.0);
    close(service.in_time_mwh, 5.0);
    assert_eq!((service.jobs, service.jobs_in_time), (2, 1));
}
