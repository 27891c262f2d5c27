//! Planted conflicts: each small base cannot be met because of rows that are known, and the answer must name them all,
//! name nothing that can be left out, and offer changes after which the plan can be met.

use crate::folder::{example, made_of, profile, shortened};
use saltern_base::energy::Energy;
use saltern_plan::dispatch::{self, Ends, Outside, Plan, Rules, Series};
use saltern_plan::programme::Programme;
use saltern_plan::solution::Status;
use saltern_plan::solver::{Options, Solver};
use saltern_plan::why::{self, Answer, Question, Weights};
use saltern_units::Lang;
use saltern_units::message::Message;

const BUS: (&str, &str) = ("energy_nodes.csv", "id,carrier\nbus,electricity\n");
const LOAD_100: (&str, &str) = ("energy_demands.csv", "id,node,power [MW]\nload,bus,100\n");

fn grid(import: u32) -> String {
    format!(
        "id,node,import [MW],import_price [CNY/MWh],carbon [t/MWh]\ngrid,bus,{import},300,0.5\n"
    )
}

fn is_feasible<N: Copy + PartialEq>(programme: &Programme<N>) -> bool {
    let crossed = programme.lower.iter().zip(&programme.upper);
    if crossed.into_iter().any(|(low, high)| low > high) {
        return false;
    }
    let mut solver = Solver::new(programme, &Options::default()).unwrap();
    let solution = solver.solve().unwrap();
    assert!(
        solution.feasible || solution.status == Status::Infeasible,
        "{:?}",
        solution.status
    );
    solution.feasible
}

/// The answer to a base, with the properties that every answer has checked.
fn asked(energy: &Energy) -> (Answer, Plan) {
    let (series, plan) = planned(energy);
    let outside = Outside::default();
    let question = Question {
        energy,
        outside: &outside,
        series: &series,
        plan: &plan,
    };
    let answer = why::infeasible(&question, &Weights::default(), &Options::default());
    let answer = answer.unwrap().expect("the plan cannot be met");
    for cause in &answer.conflict {
        assert!(!cause.text(Lang::En).contains('{') && !cause.text(Lang::Zh).contains('{'));
    }
    for change in &answer.relaxation {
        assert!(!change.text(Lang::En).contains('{') && !change.text(Lang::Zh).contains('{'));
    }
    assert!(!is_feasible(&answer.programme(&plan, None)), "no conflict");
    assert!(answer.irreducible);
    for (c, cause) in answer.conflict.iter().enumerate() {
        let without = answer.programme(&plan, Some(c));
        assert!(
            is_feasible(&without),
            "not needed: {}",
            cause.text(Lang::En)
        );
    }
    assert!(!answer.relaxation.is_empty());
    assert!(
        is_feasible(&answer.relaxed(&question).programme),
        "the way out is none"
    );
    (answer, plan)
}

fn planned(energy: &Energy) -> (Series, Plan) {
    let series = Series::of(energy, &Outside::default());
    let plan = dispatch::build(energy, &series, &Ends::Whole, Rules::default());
    (series, plan)
}

/// Rows that an answer names, as `file:row`, in alphabetical order.
fn rows(answer: &Answer) -> Vec<String> {
    let places = answer.conflict.iter().flat_map(|cause| &cause.places);
    let rows = places.filter_map(|place| Some(format!("{}:{}", place.file, place.row?)));
    let mut rows: Vec<String> = rows
        .filter(|row| !row.starts_with("profiles.csv"))
        .collect();
    rows.sort();
    rows.dedup();
    rows
}

/// Asks why, and compares the rows that are named with those that were planted.
fn names(tables: &[(&str, &str)], planted: &[&str]) -> Answer {
    let (answer, _) = asked(&made_of(tables));
    assert_eq!(rows(&answer), planted);
    answer
}

#[test]
fn a_limit_of_import_at_two_hours() {
    let load = profile("load [MW]", |hour| match hour {
        18 => 420.0,
        19 => 415.0,
        _ => 300.0,
    });
    let answer = names(
        &[
            BUS,
            ("energy_demands.csv", "id,node,profile\nload,bus,load\n"),
            ("profiles.csv", &load),
            ("grids.csv", &grid(400)),
        ],
        &["energy_demands.csv:2", "energy_nodes.csv:2", "grids.csv:2"],
    );
    let [change] = &answer.relaxation[..] else {
        panic!("{:?}", answer.relaxation)
    };
    assert_eq!(
        change.text(Lang::En),
        "grid: buys up to 420 MW instead of 400 MW, 2027-01-01T18:00 to 20:00 (35 MWh more; grids.csv, row 2)"
    );
    assert_eq!(
        change.text(Lang::Zh),
        "grid：购入上限由 400 MW 改为 420 MW，2027-01-01T18:00 至 20:00（共多 35 MWh；grids.csv 第 2 行）"
    );
}

#[test]
fn a_battery_too_weak() {
    let store = "id,node,capacity [MWh],discharge [MW],start [%]\nbattery,bus,5000,20,100\n";
    names(
        &[
            BUS,
            LOAD_100,
            ("grids.csv", &grid(60)),
            ("stores.csv", store),
        ],
        &[
            "energy_demands.csv:2",
            "energy_nodes.csv:2",
            "grids.csv:2",
            "stores.csv:2",
        ],
    );
}

#[test]
fn a_store_that_runs_empty() {
    for limits in ["", "50"] {
        let store = format!(
            "id,node,capacity [MWh],charge [MW],discharge [MW],start [%]\ntank,bus,100,{limits},{limits},100\n"
        );
        names(
            &[
                BUS,
                LOAD_100,
                ("grids.csv", &grid(90)),
                ("stores.csv", &store),
            ],
            &[
                "energy_demands.csv:2",
                "energy_nodes.csv:2",
                "grids.csv:2",
                "stores.csv:2",
            ],
        );
    }
}

#[test]
fn a_store_too_small_for_what_is_ordered() {
    names(
        &[
            BUS,
            ("energy_demands.csv", "id,node,power [MW]\nload,bus,50\n"),
            (
                "generators.csv",
                "id,kind,node,capacity [MW]\nhydro,hydro,bus,100\n",
            ),
            (
                "stores.csv",
                "id,node,capacity [MWh],start [%]\ntank,bus,100,0\n",
            ),
            (
                "unit_orders.csv",
                "unit,from,to,low [MW]\nhydro,2027-01-01T00:00,2027-01-02T00:00,60\n",
            ),
        ],
        &["energy_nodes.csv:2", "stores.csv:2", "unit_orders.csv:2"],
    );
}

/// A battery may be locked in charging by itself: it cannot come from 50 to 90 % then.
#[test]
fn a_store_that_may_not_be_charged() {
    let battery = "id,node,capacity [MWh],charge [MW],discharge [MW],start [%],end_min [%]\nbattery,bus,100,50,50,50,90\n";
    names(
        &[
            BUS,
            ("energy_demands.csv", "id,node,power [MW]\nload,bus,50\n"),
            (
                "grids.csv",
                "id,node,import [MW],import_price [CNY/MWh]\ngrid,bus,200,100\n",
            ),
            ("stores.csv", battery),
            (
                "unit_orders.csv",
                "unit,from,to,low [MW],high [MW]\nbattery.charge,2027-01-01T00:00,2027-01-02T00:00,,0\n\
                 grid,2027-01-01T00:00,2027-01-01T05:00,,150\n",
            ),
        ],
        &["stores.csv:2", "unit_orders.csv:2"],
    );
}

/// Charging that is ordered is wanted like a load: with it the grid is too small, and the battery gives nothing itself.
#[test]
fn charging_that_is_ordered_and_cannot_be_had() {
    names(
        &[
            BUS,
            ("energy_demands.csv", "id,node,power [MW]\nload,bus,50\n"),
            (
                "grids.csv",
                "id,node,import [MW],import_price [CNY/MWh]\ngrid,bus,60,100\n",
            ),
            (
                "stores.csv",
                "id,node,capacity [MWh],charge [MW],discharge [MW],start [%]\nbattery,bus,100,50,0,0\n",
            ),
            (
                "unit_orders.csv",
                "unit,from,to,low [MW]\nbattery.charge,2027-01-01T03:00,2027-01-01T05:00,20\n",
            ),
        ],
        &[
            "energy_demands.csv:2",
            "energy_nodes.csv:2",
            "grids.csv:2",
            "stores.csv:2",
            "unit_orders.csv:2",
        ],
    );
}

#[test]
fn a_level_at_the_end() {
    let store = "id,node,capacity [MWh],charge [MW],discharge [MW],start [%],end_min [%]\nbattery,bus,100,50,50,50,90\n";
    names(
        &[
            BUS,
            LOAD_100,
            ("grids.csv", &grid(100)),
            ("stores.csv", store),
        ],
        &[
            "energy_demands.csv:2",
            "energy_nodes.csv:2",
            "grids.csv:2",
            "stores.csv:2",
        ],
    );
}

#[test]
fn a_quota_of_carbon() {
    let answer = names(
        &[
            BUS,
            LOAD_100,
            ("grids.csv", &grid(200)),
            ("quotas.csv", "id,carbon [t]\ncarbon-2027,1000\n"),
        ],
        &["energy_demands.csv:2", "energy_nodes.csv:2", "quotas.csv:2"],
    );
    // 24 h · 100 MW · 0.5 t/MWh.
    let change = answer.relaxation[0].text(Lang::En);
    assert!(
        change.starts_with("carbon-2027: 1200 t of carbon dioxide instead of 1000 t"),
        "{change}"
    );
}

#[test]
fn a_quota_of_energy() {
    names(
        &[
            BUS,
            LOAD_100,
            ("grids.csv", &grid(200)),
            ("quotas.csv", "id,energy [MWh]\nbought,2000\n"),
        ],
        &["energy_demands.csv:2", "energy_nodes.csv:2", "quotas.csv:2"],
    );
}

#[test]
fn two_quotas_that_leave_too_little_together() {
    names(
        &[
            BUS,
            LOAD_100,
            (
                "grids.csv",
                "id,node,import [MW],import_price [CNY/MWh]\ngrid,bus,200,300\n",
            ),
            (
                "generators.csv",
                "id,kind,node,capacity [MW],carbon [t/MWh]\ngas,fuel,bus,200,1\n",
            ),
            (
                "quotas.csv",
                "id,carbon [t],energy [MWh]\nburnt,1000,\nbought,,1000\n",
            ),
        ],
        &[
            "energy_demands.csv:2",
            "energy_nodes.csv:2",
            "quotas.csv:2",
            "quotas.csv:3",
        ],
    );
}

#[test]
fn maintenance() {
    let answer = names(
        &[
            BUS,
            LOAD_100,
            ("grids.csv", &grid(60)),
            (
                "generators.csv",
                "id,kind,node,capacity [MW]\ngas,fuel,bus,50\n",
            ),
            (
                "unit_orders.csv",
                "unit,from,to,high [MW],reason\ngas,2027-01-01T02:00,2027-01-01T04:00,45,\n\
                 gas,2027-01-01T10:00,2027-01-01T12:00,0,bearing\n",
            ),
        ],
        &[
            "energy_demands.csv:2",
            "energy_nodes.csv:2",
            "grids.csv:2",
            "unit_orders.csv:3",
        ],
    );
    let order = answer
        .conflict
        .iter()
        .find(|cause| !cause.reason.is_empty());
    assert!(order.unwrap().text(Lang::En).contains("“bearing”"));
}

#[test]
fn a_conflict_that_an_order_did_not_make() {
    names(
        &[
            BUS,
            LOAD_100,
            (
                "generators.csv",
                "id,kind,node,capacity [MW]\ngas,fuel,bus,50\n",
            ),
            (
                "unit_orders.csv",
                "unit,from,to,high [MW]\ngas,2027-01-01T00:00,2027-01-02T00:00,20\n",
            ),
        ],
        &[
            "energy_demands.csv:2",
            "energy_nodes.csv:2",
            "generators.csv:2",
        ],
    );
}

#[test]
fn a_locked_unit_that_gives_too_much() {
    names(
        &[
            BUS,
            ("energy_demands.csv", "id,node,power [MW]\nload,bus,50\n"),
            (
                "generators.csv",
                "id,kind,node,capacity [MW]\nhydro,hydro,bus,100\n",
            ),
            (
                "grids.csv",
                "id,node,import [MW],export [MW],import_price [CNY/MWh]\ngrid,bus,0,20,300\n",
            ),
            (
                "unit_orders.csv",
                "unit,from,to,low [MW],high [MW]\nhydro,2027-01-01T03:00,2027-01-01T04:00,80,80\n",
            ),
        ],
        &["energy_nodes.csv:2", "grids.csv:2", "unit_orders.csv:2"],
    );
}

#[test]
fn an_order_above_the_capacity() {
    names(
        &[
            BUS,
            LOAD_100,
            (
                "generators.csv",
                "id,kind,node,capacity [MW]\ngas,fuel,bus,100\n",
            ),
            (
                "unit_orders.csv",
                "unit,from,to,low [MW]\ngas,2027-01-01T03:00,2027-01-01T05:00,120\n",
            ),
        ],
        &["generators.csv:2", "unit_orders.csv:2"],
    );
}

#[test]
fn two_orders_that_cross() {
    names(
        &[
            BUS,
            LOAD_100,
            ("grids.csv", &grid(200)),
            (
                "generators.csv",
                "id,kind,node,capacity [MW]\ngas,fuel,bus,100\n",
            ),
            (
                "unit_orders.csv",
                "unit,from,to,low [MW],high [MW]\ngas,2027-01-01T10:00,2027-01-01T14:00,60,\n\
                 gas,2027-01-01T12:00,2027-01-01T16:00,,40\n",
            ),
        ],
        &["unit_orders.csv:2", "unit_orders.csv:3"],
    );
}

#[test]
fn a_reserve() {
    names(
        &[
            (
                "energy_nodes.csv",
                "id,carrier,reserve [MW]\nbus,electricity,30\n",
            ),
            ("energy_demands.csv", "id,node,power [MW]\nload,bus,80\n"),
            ("grids.csv", &grid(100)),
        ],
        &["energy_demands.csv:2", "energy_nodes.csv:2", "grids.csv:2"],
    );
}

#[test]
fn a_ramp() {
    let load = profile("load [MW]", |hour| if hour < 8 { 50.0 } else { 90.0 });
    names(
        &[
            BUS,
            ("energy_demands.csv", "id,node,profile\nload,bus,load\n"),
            ("profiles.csv", &load),
            (
                "generators.csv",
                "id,kind,node,capacity [MW],ramp [%/h]\ngas,fuel,bus,100,10\n",
            ),
            ("grids.csv", &grid(5)),
        ],
        &[
            "energy_demands.csv:2",
            "energy_nodes.csv:2",
            "generators.csv:2",
            "grids.csv:2",
        ],
    );
}

#[test]
fn a_least_load() {
    names(
        &[
            BUS,
            ("energy_demands.csv", "id,node,power [MW]\nload,bus,30\n"),
            (
                "generators.csv",
                "id,kind,node,capacity [MW],load_min [%]\ngas,fuel,bus,100,60\n",
            ),
        ],
        &[
            "energy_demands.csv:2",
            "energy_nodes.csv:2",
            "generators.csv:2",
        ],
    );
}

#[test]
fn a_least_time_on() {
    let load = profile(
        "load [MW]",
        |hour| if (5..8).contains(&hour) { 50.0 } else { 0.0 },
    );
    names(
        &[
            BUS,
            ("energy_demands.csv", "id,node,profile\nload,bus,load\n"),
            ("profiles.csv", &load),
            (
                "generators.csv",
                "id,kind,node,capacity [MW],load_min [%],up_min [h]\ngas,fuel,bus,100,20,6\n",
            ),
        ],
        &[
            "energy_demands.csv:2",
            "energy_nodes.csv:2",
            "generators.csv:2",
        ],
    );
}

#[test]
fn hydrogen_and_its_electrolyser() {
    names(
        &[
            (
                "energy_nodes.csv",
                "id,carrier\nbus,electricity\nh2,hydrogen\n",
            ),
            (
                "energy_demands.csv",
                "id,node,power [MW]\nload,bus,10\nh2_load,h2,40\n",
            ),
            ("grids.csv", &grid(200)),
            (
                "converters.csv",
                "id,kind,from,to,capacity [MW],efficiency [1]\nelz,electrolyser,bus,h2,50,0.65\n",
            ),
        ],
        &[
            "converters.csv:2",
            "energy_demands.csv:3",
            "energy_nodes.csv:3",
        ],
    );
}

#[test]
fn heat_with_the_boiler_out() {
    names(
        &[
            (
                "energy_nodes.csv",
                "id,carrier\nbus,electricity\nheat,heat\n",
            ),
            (
                "energy_demands.csv",
                "id,node,power [MW]\nheating,heat,20\n",
            ),
            ("grids.csv", &grid(200)),
            (
                "converters.csv",
                "id,kind,from,to,capacity [MW],efficiency [1],cop\n\
                 boiler,boiler,bus,heat,30,0.95,\npump,heat_pump,bus,heat,5,,3\n",
            ),
            (
                "unit_orders.csv",
                "unit,from,to,high [MW]\nboiler,2027-01-01T06:00,2027-01-01T07:00,0\n",
            ),
        ],
        &[
            "converters.csv:3",
            "energy_demands.csv:2",
            "energy_nodes.csv:3",
            "unit_orders.csv:2",
        ],
    );
}

#[test]
fn a_line() {
    names(
        &[
            (
                "energy_nodes.csv",
                "id,carrier\nbus,electricity\nplant,electricity\n",
            ),
            ("energy_demands.csv", "id,node,power [MW]\nload,plant,80\n"),
            ("grids.csv", &grid(200)),
            ("lines.csv", "id,from,to,capacity [MW]\nwest,bus,plant,60\n"),
        ],
        &["energy_demands.csv:2", "energy_nodes.csv:3", "lines.csv:2"],
    );
}

#[test]
fn a_most_shortage() {
    names(
        &[
            (
                "energy_nodes.csv",
                "id,carrier,shortage_price [CNY/MWh],shortage_max [MW]\nbus,electricity,8000,10\n",
            ),
            LOAD_100,
            ("grids.csv", &grid(80)),
        ],
        &["energy_demands.csv:2", "energy_nodes.csv:2", "grids.csv:2"],
    );
}

#[test]
fn a_night_without_sun() {
    let sun = profile(
        "sun",
        |hour| if (8..18).contains(&hour) { 0.8 } else { 0.0 },
    );
    let answer = names(
        &[
            BUS,
            ("energy_demands.csv", "id,node,power [MW]\nload,bus,10\n"),
            (
                "generators.csv",
                "id,kind,node,capacity [MW],profile\npv,pv,bus,100,sun\n",
            ),
            ("profiles.csv", &sun),
        ],
        &[
            "energy_demands.csv:2",
            "energy_nodes.csv:2",
            "generators.csv:2",
        ],
    );
    let profile = answer.conflict.iter().flat_map(|cause| &cause.places);
    assert!(
        profile
            .into_iter()
            .any(|place| place.file == "profiles.csv")
    );
}

const HALL_20: (&str, &str) = ("halls.csv", "id,node,power [MW],pue\nhall,bus,20,1.2\n");

#[test]
fn a_deadline() {
    let jobs = profile("jobs [MW]", |hour| if hour == 5 { 100.0 } else { 0.0 });
    names(
        &[
            BUS,
            ("grids.csv", &grid(200)),
            HALL_20,
            ("profiles.csv", &jobs),
            (
                "job_classes.csv",
                "id,kind,halls,deadline [h],profile\nbatch,deferrable,hall,2,jobs\n",
            ),
        ],
        &["halls.csv:2", "job_classes.csv:2"],
    );
}

#[test]
fn a_job_of_the_trace() {
    names(
        &[
            BUS,
            ("grids.csv", &grid(200)),
            HALL_20,
            (
                "job_classes.csv",
                "id,kind,halls,deadline [h]\nbatch,deferrable,hall,2\n",
            ),
            (
                "jobs.csv",
                "id,class,arrives,energy [MWh]\na,batch,2027-01-01T03:00,30\n\
                 b,batch,2027-01-01T10:00,90\nc,batch,2027-01-01T10:00,5\n",
            ),
        ],
        &["halls.csv:2", "jobs.csv:3"],
    );
}

#[test]
fn interactive_work_over_the_hall() {
    names(
        &[
            BUS,
            ("grids.csv", &grid(200)),
            HALL_20,
            (
                "job_classes.csv",
                "id,kind,halls,power [MW]\nweb,interactive,hall,25\n",
            ),
        ],
        &["halls.csv:2", "job_classes.csv:2"],
    );
}

#[test]
fn a_hall_shared_by_two_classes() {
    names(
        &[
            BUS,
            ("grids.csv", &grid(200)),
            HALL_20,
            (
                "job_classes.csv",
                "id,kind,halls,deadline [h],power [MW]\nweb,interactive,hall,,12\nbatch,deferrable,hall,4,10\n",
            ),
        ],
        &["halls.csv:2", "job_classes.csv:2", "job_classes.csv:3"],
    );
}

/// Two weeks of the one-bus benchmark with a load that nothing can serve in three hours.
#[test]
fn a_peak_in_two_weeks_of_the_benchmark() {
    let mut energy = shortened(example("energy-one-bus"), 336);
    energy.nodes[0].shortage_price = None;
    let load = energy.profiles.iter().position(|p| p.name == "load");
    let load = &mut energy.profiles[load.unwrap()];
    for hour in 100..103 {
        load.values[hour] += 2e9;
    }
    let (answer, _) = asked(&energy);
    let first = &answer.conflict[0];
    assert_eq!(first.id, "bus");
    assert!(
        first
            .steps
            .iter()
            .all(|steps| (100..103).contains(&steps.start))
    );
}

#[test]
fn a_plan_that_can_be_met_has_no_answer() {
    let energy = made_of(&[BUS, LOAD_100, ("grids.csv", &grid(100))]);
    let (series, plan) = planned(&energy);
    let question = Question {
        energy: &energy,
        outside: &Outside::default(),
        series: &series,
        plan: &plan,
    };
    let answer = why::infeasible(&question, &Weights::default(), &Options::default());
    assert_eq!(answer.unwrap(), None);
}

#[test]
fn a_unit_that_earns_without_end() {
    let energy = made_of(&[
        (
            "energy_nodes.csv",
            "id,carrier\nbus,electricity\nheat,heat\n",
        ),
        LOAD_100,
        ("grids.csv", &grid(100)),
        (
            "stores.csv",
            "id,node,capacity [MWh],cost [CNY/MWh]\ntank,bus,100,-5\n",
        ),
    ]);
    let (series, plan) = planned(&energy);
    let question = Question {
        energy: &energy,
        outside: &Outside::default(),
        series: &series,
        plan: &plan,
    };
    let endless = why::unbounded(&question, &Options::default()).unwrap();
    assert_eq!(
        (endless[0].id.as_str(), endless[0].limit),
        ("tank", "discharge")
    );
    assert_eq!(
        (endless[1].id.as_str(), endless[1].limit),
        ("tank", "charge")
    );
    assert!(
        endless[0].text(Lang::En).contains("earns 5 CNY"),
        "{}",
        endless[0].text(Lang::En)
    );
}
