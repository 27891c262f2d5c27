//! What single units do, each in a day that can be reckoned by hand.

use crate::folder::{made_of, try_made_of};
use saltern_base::energy::Energy;
use saltern_plan::dispatch::{self, Ends, Outcome, Outside, Plan, Rules, Series};
use saltern_plan::solution::{Solution, Status};
use saltern_plan::solver::{Options, Solver};

/// A bus with a grid at 100 CNY/MWh whose shortage costs 1000.
const BUS: (&str, &str) = (
    "energy_nodes.csv",
    "id,carrier,shortage_price [CNY/MWh]\nbus,electricity,1000\n",
);

fn solved(energy: &Energy, rules: Rules) -> (Series, Plan, Solution) {
    let series = Series::of(energy, &Outside::default());
    let plan = dispatch::build(energy, &series, &Ends::Whole, rules);
    let mut solver = Solver::new(&plan.programme, &Options::default()).expect("a programme");
    let mut solution = solver.solve().expect("an answer");
    if solution.status == Status::Optimal && !plan.programme.whole.is_empty() {
        solver
            .price(&plan.programme, &mut solution)
            .expect("prices");
    }
    (series, plan, solution)
}

fn cost(files: &[(&str, &str)]) -> f64 {
    let (_, _, solution) = solved(&made_of(files), Rules::default());
    assert_eq!(solution.status, Status::Optimal);
    solution.objective
}

fn close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-6 * expected.abs().max(1.0),
        "{found} for {expected}"
    );
}

fn grid(import_mw: f64) -> String {
    format!("id,node,import [MW],import_price [CNY/MWh]\ngrid,bus,{import_mw},100\n")
}

fn load(power_mw: f64) -> String {
    format!("id,node,power [MW]\nload,bus,{power_mw}\n")
}

#[test]
fn the_96_point_day_costs_what_its_hours_cost() {
    let base = "[base]\nname = \"t\"\n[site]\nlatitude = \"36 deg\"\nlongitude = \"95 deg\"\nelevation = \"0 m\"\n\
        utc_offset = \"8 h\"\n[period]\nfrom = \"2027-01-01\"\nto = \"2027-01-01\"\n[energy]\nstep = \"15 min\"\n";
    let profile: String = (0..96).map(|t| format!("{t},{}\n", t / 4)).collect();
    let energy = made_of(&[
        ("base.toml", base),
        BUS,
        ("grids.csv", &grid(20.0)),
        ("profiles.csv", &format!("step,load [MW]\n{profile}")),
        ("energy_demands.csv", "id,node,profile\nload,bus,load\n"),
        (
            "stores.csv",
            "id,node,capacity [MWh],charge [MW],discharge [MW],efficiency_in [1],efficiency_out [1]\n\
             battery,bus,4,4,4,1,1\n",
        ),
    ]);
    let (series, plan, solution) = solved(&energy, Rules::default());
    assert_eq!(series.steps(), 96);
    // 0…23 MW for an hour each: 276 MWh; 21, 22, 23 MW are 6 MW over the grid, of which the battery gives 4 MWh.
    close(solution.objective, 100.0 * (276.0 - 2.0) + 2.0 * 1000.0);
    let outcome = Outcome::of(&energy, &series, &plan, &solution, &Ends::Whole);
    let (_, closure) = dispatch::book(&energy, &series, &outcome);
    assert!(closure["electricity"] < 1e-12, "{closure:?}");
    // What is short is priced at what shortage costs.
    close(outcome.price[0][95], 1000.0);
}

#[test]
fn a_unit_cannot_run_below_its_least_load() {
    let files = [
        BUS,
        ("grids.csv", &grid(20.0)),
        ("energy_demands.csv", &load(15.0)),
        (
            "generators.csv",
            "id,kind,node,capacity [MW],cost [CNY/MWh],load_min [%]\nengine,fuel,bus,40,50,50\n",
        ),
    ];
    close(cost(&files), 24.0 * 15.0 * 100.0);
    // Partly on it could.
    let relaxed = Rules {
        whole_units: false,
        ..Rules::default()
    };
    let (_, _, solution) = solved(&made_of(&files), relaxed);
    close(solution.objective, 24.0 * 15.0 * 50.0);
}

/// Load in two hours: the unit cannot idle between them, so it is started twice.
#[test]
fn starts_are_counted_and_paid() {
    let load: String = (0..24)
        .map(|t| format!("{t},{}\n", if t == 8 || t == 12 { 30 } else { 0 }))
        .collect();
    let base = [
        BUS,
        ("profiles.csv", &format!("step,load [MW]\n{load}")[..]),
        ("energy_demands.csv", "id,node,profile\nload,bus,load\n"),
    ];
    let engine = |times: &str| {
        format!(
            "id,kind,node,capacity [MW],cost [CNY/MWh],load_min [%],start_cost [CNY],up_min [h],down_min [h]\n\
             engine,fuel,bus,30,10,50,5000,{times}\n"
        )
    };
    let with = |times: &str| {
        let engine = engine(times);
        cost(&[&base[..], &[("generators.csv", &engine)]].concat())
    };
    close(with(","), 2.0 * 5000.0 + 600.0);
    // Four hours off are enough for a second start at 12, five are not.
    close(with(",3"), 2.0 * 5000.0 + 600.0);
    close(with(",5"), 5000.0 + 300.0 + 30.0 * 1000.0);
    // Two hours on at least: nowhere to put the second hour, so the load goes unserved.
    close(with("2,"), 60.0 * 1000.0);
}

#[test]
fn a_ramp_limits_the_rise() {
    let load: String = (0..24)
        .map(|t| format!("{t},{}\n", if t < 12 { 0 } else { 50 }))
        .collect();
    let found = cost(&[
        BUS,
        ("profiles.csv", &format!("step,load [MW]\n{load}")),
        ("energy_demands.csv", "id,node,profile\nload,bus,load\n"),
        (
            "generators.csv",
            "id,kind,node,capacity [MW],cost [CNY/MWh],ramp [%/h]\nengine,fuel,bus,50,10,40\n",
        ),
    ]);
    // 20, 40, 50 … MW from hour 12 on: 30 + 10 MWh short.
    close(found, 10.0 * (20.0 + 40.0 + 50.0 * 10.0) + 40.0 * 1000.0);
}

#[test]
fn a_quota_of_energy_or_carbon_binds() {
    let base = [
        BUS,
        ("energy_demands.csv", &load(10.0)[..]),
        (
            "grids.csv",
            "id,node,import [MW],import_price [CNY/MWh],carbon [t/MWh]\ngrid,bus,20,100,0.5\n",
        ),
    ];
    for quota in ["id,energy [MWh]\nq,100\n", "id,carbon [t]\nq,50\n"] {
        let found = cost(&[&base[..], &[("quotas.csv", quota)]].concat());
        close(found, 100.0 * 100.0 + 140.0 * 1000.0);
    }
}

#[test]
fn an_order_locks_a_unit() {
    let energy = made_of(&[
        BUS,
        ("grids.csv", &grid(100.0)),
        ("energy_demands.csv", &load(50.0)),
        (
            "generators.csv",
            "id,kind,node,capacity [MW],cost [CNY/MWh]\nengine,fuel,bus,40,10\n",
        ),
        (
            "unit_orders.csv",
            "unit,from,to,low [MW],high [MW],reason\n\
             engine,2027-01-01T03:00,2027-01-01T06:00,5,5,test run\nengine,2027-01-01T10:00,2027-01-01T12:00,,0,overhaul\n",
        ),
    ]);
    let (series, plan, solution) = solved(&energy, Rules::default());
    let outcome = Outcome::of(&energy, &series, &plan, &solution, &Ends::Whole);
    let engine = &outcome.generation[0];
    assert_eq!(&engine[2..7], &[40.0, 5.0, 5.0, 5.0, 40.0]);
    assert_eq!(&engine[9..13], &[40.0, 0.0, 0.0, 40.0]);
}

/// 15 MW of work that cannot wait, in two halls of 10 MW: the cooler one is full.
#[test]
fn work_goes_to_the_hall_that_cools_best() {
    let found = cost(&[
        BUS,
        ("grids.csv", &grid(100.0)),
        (
            "halls.csv",
            "id,node,power [MW],pue\ncool,bus,10,1.2\nwarm,bus,10,1.5\n",
        ),
        (
            "job_classes.csv",
            "id,kind,halls,power [MW]\nweb,interactive,cool; warm,15\n",
        ),
    ]);
    close(found, 24.0 * 100.0 * (10.0 * 1.2 + 5.0 * 1.5));
}

#[test]
fn two_classes_share_a_hall() {
    let base = [
        BUS,
        ("grids.csv", &grid(100.0)[..]),
        ("halls.csv", "id,node,power [MW]\nhall,bus,10\n"),
    ];
    let classes = |web: f64| {
        format!(
            "id,kind,halls,power [MW],deadline [h],drop_price [CNY/MWh]\nweb,interactive,hall,{web},,\n\
             batch,deferrable,hall,6,48,500\n"
        )
    };
    let found = cost(&[&base[..], &[("job_classes.csv", &classes(7.0))]].concat());
    // 3 MW are left for 6: half the batch work is given up.
    close(found, 24.0 * (10.0 * 100.0 + 3.0 * 500.0));
}

#[test]
fn pue_follows_the_temperature() {
    let energy = made_of(&[
        BUS,
        ("halls.csv", "id,node,power [MW]\nhall,bus,10\n"),
        (
            "hall_pue.csv",
            "hall,temperature [degC],pue\nhall,10,1.1\nhall,30,1.3\n",
        ),
    ]);
    let outside = Outside {
        temperature_k: (0..24).map(|t| 273.15 + f64::from(t) * 2.0).collect(),
        available: Vec::new(),
    };
    let series = Series::of(&energy, &outside);
    close(series.pue[0][0], 1.1);
    close(series.pue[0][10], 1.2);
    close(series.pue[0][23], 1.3);
}

#[test]
fn spare_power_is_kept() {
    let nodes = |reserve: f64| format!("id,carrier,reserve [MW]\nbus,electricity,{reserve}\n");
    let with = |reserve: f64| {
        let nodes = nodes(reserve);
        let files = [
            ("energy_nodes.csv", &nodes[..]),
            ("grids.csv", &grid(60.0)),
            ("energy_demands.csv", &load(50.0)),
            (
                "generators.csv",
                "id,kind,node,capacity [MW],cost [CNY/MWh]\nengine,fuel,bus,30,150\n",
            ),
        ];
        let (_, _, solution) = solved(&made_of(&files), Rules::default());
        (solution.status, solution.objective)
    };
    // The grid has 10 MW spare, the engine 30: 40 cost nothing, more cannot be had.
    close(with(40.0).1, 24.0 * 50.0 * 100.0);
    assert_eq!(with(41.0).0, Status::Infeasible);
}

#[test]
fn heat_comes_from_the_pump_first() {
    let found = cost(&[
        (
            "energy_nodes.csv",
            "id,carrier\nbus,electricity\nwarm,heat\n",
        ),
        ("grids.csv", &grid(100.0)),
        ("energy_demands.csv", "id,node,power [MW]\nheat,warm,10\n"),
        (
            "converters.csv",
            "id,kind,from,to,capacity [MW],efficiency [1],cop\npump,heat_pump,bus,warm,2,,3\nboiler,boiler,bus,warm,,0.95,\n",
        ),
    ]);
    close(found, 24.0 * 100.0 * (2.0 + 4.0 / 0.95));
}

#[test]
fn a_line_loses_on_the_way() {
    let found = cost(&[
        (
            "energy_nodes.csv",
            "id,carrier\nbus,electricity\nfar,electricity\n",
        ),
        ("grids.csv", &grid(100.0)),
        ("energy_demands.csv", "id,node,power [MW]\nload,far,19\n"),
        (
            "lines.csv",
            "id,from,to,capacity [MW],loss [%],cost [CNY/MWh]\nway,far,bus,20,5,1\n",
        ),
    ]);
    close(found, 24.0 * 20.0 * 101.0);
}

/// 40 MWh must be done by the end of hour 10. A stop costs per MW, so the work is spread: over the nine hours after the dear one.
#[test]
fn a_stop_of_interruptible_work_is_paid() {
    let profile: String = (0..24)
        .map(|t| {
            let (work, price) = (if t == 0 { 40 } else { 0 }, if t == 1 { 200 } else { 100 });
            format!("{t},{work},{price}\n")
        })
        .collect();
    let with = |stop: u32| {
        let classes = format!(
            "id,kind,halls,profile,deadline [h],stop_price [CNY/MW]\ntrain,interruptible,hall,work,10,{stop}\n"
        );
        cost(&[
            BUS,
            (
                "grids.csv",
                "id,node,import [MW],import_profile\ngrid,bus,100,price\n",
            ),
            (
                "profiles.csv",
                &format!("step,work [MW],price [CNY/MWh]\n{profile}"),
            ),
            ("halls.csv", "id,node,power [MW]\nhall,bus,10\n"),
            ("job_classes.csv", &classes),
        ])
    };
    close(with(0), 4000.0);
    close(with(50), 4000.0 + 50.0 * 40.0 / 9.0);
    // Dearer stops spread it over all eleven hours, so that less is running when it ends.
    let spread = 40.0 / 11.0;
    close(with(5000), 4000.0 + 100.0 * spread + 5000.0 * spread);
}

#[test]
fn what_cannot_be_is_refused_with_its_place() {
    let cases: [(&[(&str, &str)], &str); 6] = [
        // A least power on a line would be one both ways at once.
        (
            &[
                ("energy_nodes.csv", "id,carrier\na,heat\nb,heat\n"),
                ("lines.csv", "id,from,to,capacity [MW]\nway,a,b,10\n"),
                (
                    "unit_orders.csv",
                    "unit,from,to,low [MW]\nway,2027-01-01T00:00,2027-01-01T01:00,5\n",
                ),
            ],
            "base.wrong_type",
        ),
        (
            &[
                BUS,
                (
                    "converters.csv",
                    "id,kind,from,to,efficiency [1]\nx,boiler,bus,bus,0.9\n",
                ),
            ],
            "base.link_to_itself",
        ),
        (
            &[
                BUS,
                (
                    "generators.csv",
                    "id,kind,node,capacity [MW]\nsun,pv,bus,10\n",
                ),
            ],
            "base.one_of",
        ),
        (
            &[
                BUS,
                ("halls.csv", "id,node,power [MW]\nhall,bus,10\n"),
                (
                    "job_classes.csv",
                    "id,kind,halls,power [MW],deadline [h]\nbatch,deferrable,hall,5,\n",
                ),
            ],
            "table.blank",
        ),
        (
            &[
                BUS,
                (
                    "unit_orders.csv",
                    "unit,from,to,high [MW]\nnobody,2027-01-01T00:00,2027-01-01T01:00,0\n",
                ),
            ],
            "base.unknown_id",
        ),
        (
            &[
                BUS,
                (
                    "unit_orders.csv",
                    "unit,from,to,high [MW]\nbus,2027-01-01T00:00Z,2027-01-01T01:00,0\n",
                ),
            ],
            "base.wrong_type",
        ),
    ];
    for (files, code) in cases {
        let errors = try_made_of(files).expect_err(code);
        assert!(
            errors.iter().any(|error| error.code() == code),
            "{code}: {errors:?}"
        );
    }
}
