//! Looks for a conflict: crossed bounds, then a proof of the programme without whole columns, then halves.

use super::Question;
use super::bound::{At, Bound, Part, Side};
use super::certificate::{Certificate, Held};
use super::whole::{self, Split};
use crate::dispatch::Name;
use crate::programme::Programme;
use crate::solution::{Solution, Status};
use crate::solver::{Method, Options, Solver, SolverError};

/// Rows of a conflict beyond which the simplex is slow without costs and presolve.
const MANY: usize = 2000;

/// Seconds after which a set is left as it is where no limit is asked for.
const PATIENCE_S: f64 = 60.0;

/// What was found.
pub(crate) struct Found {
    pub(crate) certificate: Certificate,
    /// Bounds that hold by nature and were not asked about.
    pub(crate) always: Vec<Bound>,
    /// Whether the weights are those of a proof.
    pub(crate) proven: bool,
    /// Whether no bound can be left out.
    pub(crate) irreducible: bool,
}

impl Found {
    /// A conflict found by leaving out, without a proof.
    pub(crate) fn unproven(split: Split, always: Vec<Bound>) -> Found {
        let held = split.bounds.iter().map(|bound| Held {
            bound: *bound,
            weight: 1.0,
        });
        Found {
            certificate: Certificate {
                held: held.collect(),
                excess: 0.0,
            },
            proven: false,
            irreducible: split.irreducible,
            always,
        }
    }
}

/// Bounds of a column or row that cross, the widest apart first.
pub(crate) fn crossed<N: Copy + PartialEq>(programme: &Programme<N>) -> Option<Found> {
    let columns = programme.lower.iter().zip(&programme.upper).enumerate();
    let columns = columns.map(|(c, (low, high))| (At::Column(c), low - high));
    let rows = programme.row_lower.iter().zip(&programme.row_upper);
    let rows = rows
        .enumerate()
        .map(|(r, (low, high))| (At::Row(r), low - high));
    let (at, excess) = columns
        .chain(rows)
        .filter(|(_, excess)| *excess > 0.0)
        .max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(Found {
        certificate: Certificate::crossed(at, excess),
        always: Vec::new(),
        proven: true,
        irreducible: true,
    })
}

/// A conflict of a programme whose columns may be split, from a solution of its elastic programme.
///
/// Bounds with a price in the elastic programme conflict; within them the simplex finds an irreducible set. Looking there
/// first leaves out all that is far away in time, so that the set is small. The smallest of all is not sought: finding
/// it is hard (E. Amaldi, M. E. Pfetsch, L. E. Trotter, Math. Program. 95 (2003) 533–554).
pub(super) fn of_elastic(
    question: &Question<'_>,
    solution: &Solution,
    dearest: Option<Bound>,
    options: &Options,
) -> Result<Option<Found>, SolverError> {
    let programme = &question.plan.programme;
    let Some(wide) = Certificate::of(programme, &solution.duals) else {
        return of_ray(programme, options);
    };
    let part = Part::of(programme, wide.bounds());
    let whole = |certificate: Certificate| Certificate {
        held: certificate
            .held
            .into_iter()
            .map(|held| Held {
                bound: part.whole(held.bound),
                ..held
            })
            .collect(),
        ..certificate
    };
    let small = match dearest.and_then(|bound| part.own(bound)) {
        Some(bound) if part.programme.row_count() > MANY => {
            of_one(&part.programme, bound, options)?
        }
        _ => None,
    };
    let small = match small {
        Some(small) => Some(small),
        None => of_ray(&part.programme, options)?,
    };
    if let Some(small) = small {
        return Ok(Some(Found {
            certificate: whole(small.certificate),
            ..small
        }));
    }
    Ok(Some(Found {
        certificate: wide,
        always: Vec::new(),
        proven: true,
        irreducible: false,
    }))
}

/// A conflict that a bound takes part in, found by letting it alone give way as little as can be.
///
/// The weights of the least are a vertex of all proofs in which the bound weighs one, so the conflict is irreducible.
/// `None` if the others cannot be met either, or time ran out.
fn of_one(
    programme: &Programme<()>,
    bound: Bound,
    options: &Options,
) -> Result<Option<Found>, SolverError> {
    let mut elastic = programme.clone();
    let slack = elastic.add_columns((), 1, (0.0, f64::INFINITY), 1.0);
    let sign = match bound.side {
        Side::Lower => 1.0,
        Side::Upper => -1.0,
    };
    match bound.at {
        At::Row(row) => elastic.enter(row, slack, sign),
        At::Column(column) => {
            let own = programme.entries.iter();
            for entry in own.filter(|entry| entry.column as usize == column) {
                elastic.enter(entry.row as usize, slack, -sign * entry.value);
            }
        }
    }
    let options = Options {
        method: Method::Simplex,
        time_limit_s: Some(options.time_limit_s.unwrap_or(PATIENCE_S)),
        ..*options
    };
    let solution = Solver::new(&elastic, &options)?.solve()?;
    if solution.status != Status::Optimal {
        return Ok(None);
    }
    let certificate = Certificate::of(programme, &solution.duals);
    Ok(certificate.map(|certificate| Found {
        certificate,
        always: Vec::new(),
        proven: true,
        irreducible: true,
    }))
}

pub(crate) fn of_ray<N: Copy + PartialEq>(
    programme: &Programme<N>,
    options: &Options,
) -> Result<Option<Found>, SolverError> {
    let bare = programme.bare();
    let options = Options {
        method: Method::Simplex,
        presolve: false,
        time_limit_s: Some(options.time_limit_s.unwrap_or(PATIENCE_S)),
        ..*options
    };
    let mut solver = Solver::new(&bare, &options)?;
    if solver.solve()?.status != Status::Infeasible {
        return Ok(None);
    }
    let ray = solver.dual_ray()?;
    let certificate = ray.and_then(|ray| Certificate::of(&bare, &ray));
    Ok(certificate.map(|certificate| Found {
        certificate,
        always: Vec::new(),
        proven: true,
        irreducible: true,
    }))
}

/// A conflict that only whole units make.
pub(super) fn of_whole(
    question: &Question<'_>,
    options: &Options,
) -> Result<Option<Found>, SolverError> {
    let programme = &question.plan.programme;
    let (always, bounds) = by_nature(programme);
    let split = whole::split(programme, &always, bounds, options)?;
    Ok(Some(Found::unproven(split, always)))
}

/// Bounds that hold by nature, and the others in the order in which they are left out.
fn by_nature(programme: &Programme<Name>) -> (Vec<Bound>, Vec<Bound>) {
    let columns = (0..programme.column_count()).map(At::Column);
    let rows = (0..programme.row_count()).map(At::Row);
    let sides = |at: At| [Side::Lower, Side::Upper].map(|side| Bound { at, side });
    let given = columns.chain(rows).flat_map(sides);
    let given = given.filter(|bound| bound.value(programme).is_finite());
    given.partition(|bound| {
        let name = match bound.at {
            At::Column(column) => programme.column_name(column),
            At::Row(row) => programme.row_name(row),
        };
        let structure = matches!(
            name,
            Some((
                Name::On(_)
                    | Name::Start(_)
                    | Name::Stored(_)
                    | Name::Starting(_)
                    | Name::Stopping(_)
                    | Name::AtMost(_),
                _
            ))
        );
        structure
            || (bound.row().is_none() && bound.side == Side::Lower && bound.value(programme) == 0.0)
    })
}
