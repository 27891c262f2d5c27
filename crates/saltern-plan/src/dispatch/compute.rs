//! Computing in a dispatch: queues of work served by halls.

use super::MWH;
use super::build::{Building, Ends};
use super::name::Name;
use super::series::Bounds;
use saltern_base::energy::JobKind;

/// Columns and rows of computing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compute {
    /// Computing power: queue, hall, first column.
    pub computed: Vec<(usize, usize, usize)>,
    /// Waiting work of each queue that may wait: first column and number of steps.
    pub backlog: Vec<Option<(usize, usize)>>,
    /// Work given up, of each queue that may give up.
    pub dropped: Vec<Option<usize>>,
    /// First row of each queue's work.
    pub work: Vec<usize>,
}

pub(super) fn build(b: &mut Building<'_>) {
    for queue in 0..b.series.class_of.len() {
        work(b, queue);
        served(b, queue);
        waiting(b, queue);
        dropped(b, queue);
        stopped(b, queue);
    }
    for hall in 0..b.energy.halls.len() {
        hall_power(b, hall);
        flexible(b, hall);
    }
}

/// Power of a hall for work that may wait, where a limit was published.
fn flexible(b: &mut Building<'_>, hall: usize) {
    let limits = &b.series.flexible[hall];
    if limits.iter().all(|limit| limit.is_infinite()) {
        return;
    }
    let class = |queue: usize| &b.energy.classes[b.series.class_of[queue]];
    let computed = b.layout.compute.computed.iter();
    let bound: Vec<usize> = computed
        .filter(|(queue, h, _)| *h == hall && class(*queue).kind != JobKind::Interactive)
        .map(|(.., first)| *first)
        .collect();
    let row = b.p.add_rows(
        Name::HallFlexible(hall),
        b.steps,
        (f64::NEG_INFINITY, f64::INFINITY),
    );
    b.p.row_upper[row..].copy_from_slice(limits);
    for first in bound {
        for t in 0..b.steps {
            b.p.enter(row + t, first + t, 1.0);
        }
    }
}

fn work(b: &mut Building<'_>, queue: usize) {
    let arriving = &b.series.arriving[queue];
    let row = b.p.add_rows(Name::Work(queue), b.steps, (0.0, 0.0));
    b.p.row_lower[row..].copy_from_slice(arriving);
    b.p.row_upper[row..].copy_from_slice(arriving);
    b.layout.compute.work.push(row);
}

/// Whether a hall serves this queue alone, so that its power is a bound of the queue's column.
fn is_alone(b: &Building<'_>, queue: usize, hall: usize) -> bool {
    let others = b.series.class_of.iter().enumerate();
    others
        .filter(|(q, _)| *q != queue)
        .all(|(_, class)| !b.energy.classes[*class].halls.contains(&hall))
}

fn served(b: &mut Building<'_>, queue: usize) {
    let row = b.layout.compute.work[queue];
    for hall in b.energy.classes[b.series.class_of[queue]].halls.clone() {
        let name = Name::Computed { queue, hall };
        let free = Bounds {
            low: vec![0.0; b.steps],
            high: vec![f64::INFINITY; b.steps],
        };
        let series = b.series;
        let bounds = if is_alone(b, queue, hall) {
            &series.hall[hall]
        } else {
            &free
        };
        let first = b.powers(name, bounds, b.energy.halls[hall].cost * MWH);
        let balance = b.layout.balance[b.energy.halls[hall].node];
        for t in 0..b.steps {
            b.p.enter(balance + t, first + t, -b.series.pue[hall][t]);
            b.p.enter(row + t, first + t, b.step_h);
        }
        b.layout.compute.computed.push((queue, hall, first));
    }
}

/// Work that waits: at most what has arrived and isn't due yet.
fn waiting(b: &mut Building<'_>, queue: usize) {
    let interactive = b.energy.classes[b.series.class_of[queue]].kind == JobKind::Interactive;
    if interactive || !b.rules.flexible {
        b.layout.compute.backlog.push(None);
        return;
    }
    let (before, open, goes_on, later) = match b.ends {
        Ends::Whole => (0.0, 0.0, false, 0.0),
        Ends::Window {
            waiting,
            open,
            goes_on,
            later,
            ..
        } => (waiting[queue], open[queue], *goes_on, later[queue]),
    };
    let len = if goes_on { b.steps } else { b.steps - 1 };
    let first = b.p.add_columns(Name::Backlog(queue), len, (0.0, 0.0), 0.0);
    if goes_on {
        // Work that is left to the next window isn't done for nothing.
        b.p.cost[first + len - 1] += later;
    }
    let row = b.layout.compute.work[queue];
    let mut most = open;
    for t in 0..b.steps {
        most += b.series.arriving[queue][t] - b.series.due[queue][t];
        if t < len {
            // Rounding of the sums must not leave a bound below zero.
            b.p.upper[first + t] = most.max(0.0);
            b.p.enter(row + t, first + t, 1.0);
            if t + 1 < b.steps {
                b.p.enter(row + t + 1, first + t, -1.0);
            }
        }
    }
    b.p.row_lower[row] += before;
    b.p.row_upper[row] += before;
    b.layout.compute.backlog.push(Some((first, len)));
}

fn dropped(b: &mut Building<'_>, queue: usize) {
    let column = b.energy.classes[b.series.class_of[queue]]
        .drop_price
        .map(|price| {
            let first = b.block(Name::Dropped(queue), (0.0, f64::INFINITY), price * MWH);
            let row = b.layout.compute.work[queue];
            for t in 0..b.steps {
                b.p.enter(row + t, first + t, b.step_h);
            }
            first
        });
    b.layout.compute.dropped.push(column);
}

/// Stopped work: computed(t−1) − computed(t) ≤ stopped(t), at a price per MW. A fall because work has ended counts as
/// well, since work is a fluid here: the price errs on the side of steady running.
fn stopped(b: &mut Building<'_>, queue: usize) {
    let of = &b.energy.classes[b.series.class_of[queue]];
    if of.kind != JobKind::Interruptible || of.stop_price == 0.0 || !b.rules.flexible {
        return;
    }
    let price = of.stop_price * super::MW;
    let steps = b.steps;
    let stopped =
        b.p.add_columns(Name::Stopped(queue), steps, (0.0, f64::INFINITY), price);
    let row =
        b.p.add_rows(Name::Stopping(queue), steps, (f64::NEG_INFINITY, 0.0));
    let served: Vec<usize> = b
        .layout
        .compute
        .computed
        .iter()
        .filter(|(q, ..)| *q == queue)
        .map(|(.., first)| *first)
        .collect();
    for t in 0..steps {
        b.p.enter(row + t, stopped + t, -1.0);
        for first in &served {
            b.p.enter(row + t, first + t, -1.0);
            if t > 0 {
                b.p.enter(row + t, first + t - 1, 1.0);
            }
        }
    }
}

/// Power of a hall that several queues share.
fn hall_power(b: &mut Building<'_>, hall: usize) {
    let sharing: Vec<(usize, usize)> = b
        .layout
        .compute
        .computed
        .iter()
        .filter(|(_, h, _)| *h == hall)
        .map(|(queue, _, first)| (*queue, *first))
        .collect();
    if sharing.len() < 2 {
        return;
    }
    let series = b.series;
    let bounds = &series.hall[hall];
    let row = b.p.add_rows(Name::HallPower(hall), b.steps, (0.0, 0.0));
    b.p.row_lower[row..].copy_from_slice(&bounds.low);
    b.p.row_upper[row..].copy_from_slice(&bounds.high);
    for (_, first) in sharing {
        for t in 0..b.steps {
            b.p.enter(row + t, first + t, 1.0);
        }
    }
}
