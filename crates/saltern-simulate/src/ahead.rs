//! Months of feed ahead of the harvest ponds.
//!
//! The *element* is what the base is run for: lithium if it has ponds of stage `lithium`, else
//! potassium if it has ponds of a potash stage, else sodium. The *target* ponds are those of these
//! stages (for sodium: the ponds that are harvested). The *stock* of a stage is the element in the
//! brine, pores of the reactive layer included, of its ponds from which a link leads on, directly or
//! through other ponds, to a target. The *demand* is the element's net flow in brine into the target
//! ponds, mean over the period. Months ahead = stock / demand × 30.4375 days.

use jiff::civil::Date;
use saltern_base::frame::Frame;
use saltern_base::model::{Base, End};

use crate::ledger::Ledger;
use crate::matter::Matter;
use crate::pond::Pond;
use crate::series::months_ahead_frame;

const DAYS_A_MONTH: f64 = 365.25 / 12.0;

/// Stages in which potassium is won.
const POTASH: [&str; 7] = [
    "sylvite",
    "sylvinite",
    "carnallite",
    "kainite",
    "schoenite",
    "leonite",
    "potash",
];

/// Follows the stock ahead of the harvest.
#[derive(Debug)]
pub(crate) struct Ahead {
    element: Option<usize>,
    target: Vec<bool>,
    /// Stage of each pond upstream of the targets, as an index into `stages`.
    stage: Vec<Option<usize>>,
    stages: Vec<String>,
    drawn_mol: f64,
    days: u32,
    stocks: Vec<(Date, Vec<f64>)>,
}

impl Ahead {
    pub(crate) fn new(base: &Base, matter: &Matter) -> Self {
        let (symbol, target) = target_ponds(base);
        let mut stages: Vec<String> = Vec::new();
        let upstream = upstream_of(base, &target);
        let stage = (base.ponds.iter().zip(&upstream))
            .map(|(pond, &is)| {
                is.then(|| {
                    stages
                        .iter()
                        .position(|s| *s == pond.stage)
                        .unwrap_or_else(|| {
                            stages.push(pond.stage.clone());
                            stages.len() - 1
                        })
                })
            })
            .collect();
        Ahead {
            element: matter.element(symbol),
            target,
            stage,
            stages,
            drawn_mol: 0.0,
            days: 0,
            stocks: Vec::new(),
        }
    }

    /// Adds today's flows into the targets.
    pub(crate) fn add_day(&mut self, base: &Base, ledger: &Ledger, matter: &Matter) {
        self.days += 1;
        let Some(element) = self.element else { return };
        let is_target = |end: End| matches!(end, End::Pond(p) if self.target[p]);
        let mut drawn_mol = 0.0;
        for (link, &stream) in base.links.iter().zip(&ledger.links) {
            let sign = match (is_target(link.from), is_target(link.to)) {
                (false, true) => 1.0,
                (true, false) if matches!(link.to, End::Pond(_)) => -1.0,
                _ => continue,
            };
            drawn_mol += sign * matter.element_mol(ledger.today_mol(stream), element);
        }
        self.drawn_mol += drawn_mol;
    }

    /// Notes the stock at the end of a month.
    pub(crate) fn end_month(&mut self, date: Date, ponds: &[Pond], matter: &Matter) {
        let Some(element) = self.element else { return };
        let mut stock_mol = vec![0.0; self.stages.len()];
        for (pond, stage) in ponds.iter().zip(&self.stage) {
            if let Some(s) = stage {
                for cell in &pond.cells {
                    stock_mol[*s] += matter.element_mol(&cell.brine_mol, element);
                }
            }
        }
        self.stocks.push((date, stock_mol));
    }

    /// The frame; without rows where nothing flows into the targets.
    pub(crate) fn finish(self) -> Frame {
        let per_month_mol = self.drawn_mol / f64::from(self.days.max(1)) * DAYS_A_MONTH;
        let (mut dates, mut stages, mut months) = (Vec::new(), Vec::new(), Vec::new());
        if per_month_mol > 0.0 {
            for (date, stock_mol) in self.stocks {
                for (stage, stock) in self.stages.iter().zip(stock_mol) {
                    dates.push(date);
                    stages.push(stage.clone());
                    months.push(stock / per_month_mol);
                }
            }
        }
        months_ahead_frame(dates, stages, months)
    }
}

fn target_ponds(base: &Base) -> (&'static str, Vec<bool>) {
    let of_stage = |stages: &[&str]| -> Vec<bool> {
        base.ponds
            .iter()
            .map(|p| stages.contains(&p.stage.to_lowercase().as_str()))
            .collect()
    };
    for (symbol, stages) in [("Li", &["lithium"][..]), ("K", &POTASH[..])] {
        let target = of_stage(stages);
        if target.contains(&true) {
            return (symbol, target);
        }
    }
    let mut harvested = vec![false; base.ponds.len()];
    base.harvests.iter().for_each(|h| harvested[h.pond] = true);
    ("Na", harvested)
}

/// Ponds outside the targets from which a target can be reached.
fn upstream_of(base: &Base, target: &[bool]) -> Vec<bool> {
    let mut reaches = target.to_vec();
    loop {
        let mut grew = false;
        for link in &base.links {
            if let (End::Pond(from), End::Pond(to)) = (link.from, link.to)
                && reaches[to]
                && !reaches[from]
            {
                reaches[from] = true;
                grew = true;
            }
        }
        if !grew {
            return reaches.iter().zip(target).map(|(r, t)| *r && !*t).collect();
        }
    }
}
