//! A plan in the words of the run folder: `plan.json` and the frame of its steps.

use saltern_base::energy::{Energy, GeneratorKind, Identity, JobKind, Quota, QuotaLimit};
use saltern_base::frame::{Column, Frame, Values};
use saltern_plan::dispatch::{self, HallCurve, Name, OnOff, Outcome, QuotaTrack, Series};
use saltern_plan::solution::Status;
use saltern_run::contents::Name as Label;
use saltern_run::plan::{
    ColumnKind, DISPATCH, PlanAnswer, PlanCost, PlanUnit, QuotaAnswer, QuotaWindow, ServiceAnswer,
    TIME,
};

use super::Solved;

/// W in a MW, J in a MWh.
const MW: f64 = 1e6;
const MWH: f64 = 3.6e9;

/// How a plan ended, as the contract spells it.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Optimal => "optimal",
        Status::Infeasible | Status::InfeasibleOrUnbounded => "infeasible",
        Status::Unbounded => "unbounded",
        Status::Limit => "time_limit",
        Status::Failed => "failed",
    }
}

pub(super) fn answer(
    energy: &Energy,
    series: &Series,
    solved: &Solved,
    window: Option<usize>,
) -> PlanAnswer {
    let totals = solved.totals.clone().unwrap_or_default();
    let objective = solved
        .rolled
        .map_or(solved.solution.objective, |(cost, _)| cost);
    let iterations = solved.solution.iterations + solved.rolled.map_or(0, |(_, n)| n);
    let own = &solved.plan.programme;
    let size = solved.size.unwrap_or((own.row_count(), own.column_count()));
    PlanAnswer {
        status: status(solved.solution.status).into(),
        objective: solved.outcome.as_ref().map(|_| objective),
        currency: energy.currency.clone(),
        rows: size.0,
        columns: size.1,
        build_s: solved.build_s,
        solve_s: solved.solve_s,
        gap: solved.solution.gap,
        conflict: Vec::new(),
        relaxation: Vec::new(),
        what: "dispatch".into(),
        step_min: energy.window.step_min,
        iterations,
        window,
        units: Vec::new(),
        costs: costs(energy, series, &totals.cost),
        carbon_t: totals.carbon_t,
        carbon_uncounted: totals
            .uncounted
            .iter()
            .map(|g| energy.grids[*g].who.id.clone())
            .collect(),
        curtailed_mwh: totals.curtailed_mwh,
        without_flexibility: None,
        carbon_price: energy.carbon_price * 1e3,
        matching: None,
        quotas: quotas(energy, series, solved),
        service: solved
            .outcome
            .as_ref()
            .map_or_else(Vec::new, |outcome| services(energy, series, outcome)),
        limits: None,
        production: None,
        ..PlanAnswer::default()
    }
}

/// Quotas with what was used of each.
fn quotas(energy: &Energy, series: &Series, solved: &Solved) -> Vec<QuotaAnswer> {
    let moment = |step: usize| {
        let moment = series.window.moment(step);
        moment.strftime("%Y-%m-%dT%H:%M").to_string()
    };
    let quotas = energy.quotas.iter().zip(&solved.quotas);
    quotas
        .map(|(quota, track)| QuotaAnswer {
            unit: quota.who.id.clone(),
            name: label(&quota.who),
            amounts: amounts(quota).into(),
            from: quota.from.to_string(),
            to: quota.to.to_string(),
            limit: track.limit,
            used: track.limit - track.left(),
            left: track.left(),
            price: track.price,
            windows: track
                .windows
                .iter()
                .map(|window| QuotaWindow {
                    from: moment(window.from),
                    to: moment(window.to),
                    given: window.given,
                    used: window.used,
                    price: window.price,
                })
                .collect(),
        })
        .collect()
}

/// Unit in which a quota is counted.
fn amounts(quota: &Quota) -> &'static str {
    match quota.limit {
        QuotaLimit::Carbon(_) => "t",
        QuotaLimit::Energy(_) => "MWh",
    }
}

/// None of a plan that begins amid the base's period: what waits then came before it.
fn services(energy: &Energy, series: &Series, outcome: &Outcome) -> Vec<ServiceAnswer> {
    if series.window.start != energy.window.start {
        return Vec::new();
    }
    let services = dispatch::services(energy, series, outcome);
    let classes = energy.classes.iter().zip(services);
    classes
        .map(|(class, service)| ServiceAnswer {
            class: class.who.id.clone(),
            name: label(&class.who),
            arrived_mwh: service.arrived_mwh,
            in_time_mwh: service.in_time_mwh,
            dropped_mwh: service.dropped_mwh,
            worst_slack_h: service.worst_slack_h,
            mean_wait_h: service.mean_wait_h,
            jobs: service.jobs,
            jobs_in_time: service.jobs_in_time,
        })
        .collect()
}

fn label(who: &Identity) -> Label {
    Label::from(&who.name)
}

/// Costs of blocks added up by unit.
fn costs(energy: &Energy, series: &Series, blocks: &[(Name, f64)]) -> Vec<PlanCost> {
    let mut costs: Vec<PlanCost> = Vec::new();
    for (name, money) in blocks {
        let Some(who) = identity(energy, series, *name) else {
            continue;
        };
        let kind = match name {
            Name::Import(_) => Some(ColumnKind::Import),
            Name::Export(_) => Some(ColumnKind::Export),
            Name::Extra(_) | Name::Less(_) => Some(ColumnKind::Deviation),
            Name::Level(_) => Some(ColumnKind::Level),
            Name::Shortage(_) => Some(ColumnKind::Shortage),
            Name::Backlog(_) => Some(ColumnKind::Backlog),
            _ => None,
        };
        let same = costs
            .iter_mut()
            .find(|cost| cost.unit == who.id && cost.kind == kind);
        match same {
            Some(cost) => cost.money += money,
            None => costs.push(PlanCost {
                unit: who.id.clone(),
                name: label(who),
                kind,
                money: *money,
            }),
        }
    }
    costs
}

/// Whose block it is.
fn identity<'a>(energy: &'a Energy, series: &Series, name: Name) -> Option<&'a Identity> {
    Some(match name {
        Name::Generation(g) | Name::On(OnOff::Generator(g)) | Name::Start(OnOff::Generator(g)) => {
            &energy.generators[g].who
        }
        Name::Charge(s) | Name::Discharge(s) | Name::Level(s) => &energy.stores[s].who,
        Name::Conversion(c) | Name::On(OnOff::Converter(c)) | Name::Start(OnOff::Converter(c)) => {
            &energy.converters[c].who
        }
        Name::Sent(l) | Name::SentBack(l) => &energy.lines[l].who,
        Name::Import(g) | Name::Export(g) | Name::Extra(g) | Name::Less(g) => &energy.grids[g].who,
        Name::Shortage(n) => &energy.nodes[n].who,
        Name::Computed { hall, .. } => &energy.halls[hall].who,
        Name::Backlog(q) | Name::Dropped(q) | Name::Stopped(q) => {
            &energy.classes[series.class_of[q]].who
        }
        _ => return None,
    })
}

/// A column of the frame with its values.
struct Described {
    unit: PlanUnit,
    written_in: &'static str,
    values: Vec<f64>,
}

/// What the columns of the frame mean.
pub(super) fn units(
    energy: &Energy,
    series: &Series,
    solved: &Solved,
    curves: &[HallCurve],
) -> Vec<PlanUnit> {
    let columns = columns(energy, series, solved, curves);
    columns.into_iter().map(|column| column.unit).collect()
}

/// The frame of all steps.
pub(super) fn frame(
    energy: &Energy,
    series: &Series,
    solved: &Solved,
    curves: &[HallCurve],
) -> Frame {
    let steps = solved.outcome.as_ref().map_or(0, |outcome| outcome.steps);
    let time = (0..steps).map(|t| {
        let moment = series.window.moment(t);
        moment.strftime("%Y-%m-%dT%H:%M").to_string()
    });
    let time = Column {
        name: TIME.into(),
        unit: String::new(),
        values: Values::Text(time.collect()),
    };
    let others = columns(energy, series, solved, curves);
    let others = others.into_iter().map(|column| Column {
        name: column.unit.column,
        unit: column.written_in.into(),
        values: Values::Number(column.values),
    });
    Frame {
        name: DISPATCH.into(),
        columns: std::iter::once(time).chain(others).collect(),
    }
}

/// All columns in the order of the report: what gives, what takes, levels, waiting work, limits, prices, quotas.
fn columns(
    energy: &Energy,
    series: &Series,
    solved: &Solved,
    curves: &[HallCurve],
) -> Vec<Described> {
    let Some(outcome) = &solved.outcome else {
        return Vec::new();
    };
    let mut list = Columns {
        energy,
        list: Vec::new(),
    };
    for (g, generator) in energy.generators.iter().enumerate() {
        let kind = kind_of(generator.kind);
        let capacity = Some(generator.capacity_w / MW);
        let column = list.power(&generator.who, "", generator.node, kind, 1.0, capacity);
        column.values.clone_from(&outcome.generation[g]);
        if generator.kind != GeneratorKind::Fuel {
            let (kind, node) = (ColumnKind::Available, generator.node);
            let could = list.power(&generator.who, "available", node, kind, 0.0, capacity);
            could.values.clone_from(&outcome.available[g]);
        }
    }
    converters(&mut list, outcome);
    stores(&mut list, outcome);
    for (l, line) in energy.lines.iter().enumerate() {
        let capacity = Some(line.capacity_w / MW);
        let column = list.power(&line.who, "", line.from, ColumnKind::Line, -1.0, capacity);
        column.values.clone_from(&outcome.line[l]);
    }
    grids(&mut list, outcome);
    demands(&mut list, series, outcome);
    halls(&mut list, series, outcome);
    waiting(&mut list, series, solved, outcome);
    limits(&mut list, curves);
    prices(&mut list, outcome);
    used_of_quotas(&mut list, &solved.quotas);
    list.list
}

struct Columns<'a> {
    energy: &'a Energy,
    list: Vec<Described>,
}

impl Columns<'_> {
    /// Adds a column of a unit, `ID` or `ID.SUFFIX`, in MW; its values are to be set.
    fn power(
        &mut self,
        who: &Identity,
        suffix: &str,
        node: usize,
        kind: ColumnKind,
        sign: f64,
        capacity: Option<f64>,
    ) -> &mut Described {
        let column = match suffix {
            "" => who.id.clone(),
            suffix => format!("{}.{suffix}", who.id),
        };
        self.list.push(Described {
            unit: PlanUnit {
                column,
                unit: who.id.clone(),
                name: label(who),
                node: self.energy.nodes[node].who.id.clone(),
                kind,
                sign,
                capacity: capacity.filter(|c| c.is_finite()),
            },
            written_in: "MW",
            values: Vec::new(),
        });
        let last = self.list.len() - 1;
        &mut self.list[last]
    }
}

fn converters(list: &mut Columns<'_>, outcome: &Outcome) {
    for (c, converter) in list.energy.converters.iter().enumerate() {
        let who = &converter.who;
        let power = &outcome.conversion[c];
        let capacity = converter.capacity_w / MW;
        let taken = list.power(
            who,
            "in",
            converter.from,
            ColumnKind::Taken,
            -1.0,
            Some(capacity),
        );
        taken.values.clone_from(power);
        let gain = converter.yield_;
        let most = Some(capacity * gain);
        let made = list.power(who, "out", converter.to, ColumnKind::Made, 1.0, most);
        made.values = power.iter().map(|p| p * gain).collect();
        if let Some((node, share)) = converter.also {
            let most = Some(capacity * share);
            let also = list.power(who, "also", node, ColumnKind::Made, 1.0, most);
            also.values = power.iter().map(|p| p * share).collect();
        }
    }
}

fn stores(list: &mut Columns<'_>, outcome: &Outcome) {
    for (s, store) in list.energy.stores.iter().enumerate() {
        let (who, node) = (&store.who, store.node);
        let most = Some(store.charge_w / MW);
        let charge = list.power(who, "charge", node, ColumnKind::Charge, -1.0, most);
        charge.values.clone_from(&outcome.charge[s]);
        let most = Some(store.discharge_w / MW);
        let discharge = list.power(who, "discharge", node, ColumnKind::Discharge, 1.0, most);
        discharge.values.clone_from(&outcome.discharge[s]);
        let most = Some(store.capacity_j / MWH);
        let level = list.power(who, "level", node, ColumnKind::Level, 0.0, most);
        level.written_in = "MWh";
        level.values.clone_from(&outcome.level[s]);
    }
}

fn grids(list: &mut Columns<'_>, outcome: &Outcome) {
    for (g, grid) in list.energy.grids.iter().enumerate() {
        let most = Some(grid.import_w / MW);
        let import = list.power(
            &grid.who,
            "import",
            grid.node,
            ColumnKind::Import,
            1.0,
            most,
        );
        import.values.clone_from(&outcome.import[g]);
        let most = Some(grid.export_w / MW);
        let export = list.power(
            &grid.who,
            "export",
            grid.node,
            ColumnKind::Export,
            -1.0,
            most,
        );
        export.values.clone_from(&outcome.export[g]);
    }
}

fn demands(list: &mut Columns<'_>, series: &Series, outcome: &Outcome) {
    for (n, node) in list.energy.nodes.iter().enumerate() {
        let demand = list.power(&node.who, "demand", n, ColumnKind::Demand, -1.0, None);
        demand.values.clone_from(&series.demand[n]);
        if node.shortage_price.is_some() {
            let short = list.power(&node.who, "shortage", n, ColumnKind::Shortage, 1.0, None);
            short.values.clone_from(&outcome.shortage[n]);
        }
    }
}

fn halls(list: &mut Columns<'_>, series: &Series, outcome: &Outcome) {
    for (h, hall) in list.energy.halls.iter().enumerate() {
        let column = list.power(&hall.who, "", hall.node, ColumnKind::Hall, -1.0, None);
        column.values = outcome.power_of_hall(series, h);
    }
}

/// Work of each class that waits, and that may wait without missing a deadline.
fn waiting(list: &mut Columns<'_>, series: &Series, solved: &Solved, outcome: &Outcome) {
    for (c, class) in list.energy.classes.iter().enumerate() {
        let node = class
            .halls
            .first()
            .map_or(0, |h| list.energy.halls[*h].node);
        let waiting = list.power(&class.who, "waiting", node, ColumnKind::Backlog, 0.0, None);
        waiting.written_in = "MWh";
        waiting.values = outcome.waiting(series, c);
        if class.kind != JobKind::Interactive {
            let most = list.power(&class.who, "may_wait", node, ColumnKind::MayWait, 0.0, None);
            most.written_in = "MWh";
            most.values = may_wait(series, solved, outcome, c);
        }
    }
}

/// The bounds of a class's waiting work over all its queues, as the programme has them.
fn may_wait(series: &Series, solved: &Solved, outcome: &Outcome, class: usize) -> Vec<f64> {
    let mut most = vec![0.0; outcome.steps];
    let queues = solved.plan.layout.compute.backlog.iter();
    for (bounds, _) in queues
        .zip(&series.class_of)
        .filter(|(_, own)| **own == class)
    {
        let Some((first, len)) = *bounds else {
            continue;
        };
        let upper = &solved.plan.programme.upper[first..first + len];
        for (total, bound) in most.iter_mut().zip(upper) {
            *total += bound;
        }
    }
    most
}

/// Flexible work of halls, planned and at most.
fn limits(list: &mut Columns<'_>, curves: &[HallCurve]) {
    for curve in curves {
        let hall = &list.energy.halls[curve.hall];
        let most = Some(hall.power_w / MW);
        let parts = [
            ("flexible", ColumnKind::Flexible, &curve.planned),
            ("limit", ColumnKind::Limit, &curve.limit),
        ];
        for (suffix, kind, values) in parts {
            let column = list.power(&hall.who, suffix, hall.node, kind, 0.0, most);
            column.values.clone_from(values);
        }
    }
}

/// What is used of each quota by the end of the step.
fn used_of_quotas(list: &mut Columns<'_>, tracks: &[QuotaTrack]) {
    for (quota, track) in list.energy.quotas.iter().zip(tracks) {
        let used = list.power(
            &quota.who,
            "used",
            0,
            ColumnKind::Quota,
            0.0,
            Some(track.limit),
        );
        used.written_in = amounts(quota);
        used.unit.node = String::new();
        used.values = track.used_so_far();
    }
}

fn prices(list: &mut Columns<'_>, outcome: &Outcome) {
    for (n, price) in outcome.price.iter().enumerate() {
        let who = &list.energy.nodes[n].who;
        let column = list.power(who, "price", n, ColumnKind::Price, 0.0, None);
        column.written_in = "CNY/MWh";
        column.values.clone_from(price);
    }
    let unit = match list.energy.currency.as_str() {
        "USD" => "USD/MWh",
        "EUR" => "EUR/MWh",
        _ => "CNY/MWh",
    };
    for column in &mut list.list {
        if column.unit.kind == ColumnKind::Price {
            column.written_in = unit;
        }
    }
}

/// As what a generator is drawn.
pub(super) fn kind_of(kind: GeneratorKind) -> ColumnKind {
    match kind {
        GeneratorKind::Pv => ColumnKind::Pv,
        GeneratorKind::Wind => ColumnKind::Wind,
        GeneratorKind::SolarField => ColumnKind::SolarField,
        GeneratorKind::Hydro => ColumnKind::Hydro,
        GeneratorKind::Fuel => ColumnKind::Fuel,
    }
}
