//! One live solver: a programme is passed once, then bounds, costs and coefficients change in place and the basis stays.
//!
//! HiGHS through its C interface; this file alone holds unsafe code, because the interface is C. Each call hands over slices
//! whose lengths were checked against the model, and the object is destroyed where it was made.
#![allow(unsafe_code)]

use crate::programme::Programme;
use crate::solution::{Solution, Status};
use highs_sys as highs;
use std::ffi::{CString, c_void};
use std::ops::Range;

mod ray;

/// How to solve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Dual simplex: the fastest on storage programmes, and the one that restarts.
    Simplex,
    /// Interior point with crossover to a vertex.
    InteriorPoint,
}

/// Options of a solver.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// How to solve a programme without whole columns.
    pub method: Method,
    /// Seconds after which the best found is handed out; none for no limit.
    pub time_limit_s: Option<f64>,
    /// Nodes of a mixed-integer search after which the best found is handed out; the same whatever the machine.
    pub nodes_max: Option<u32>,
    /// Relative gap at which a mixed-integer search may stop.
    pub gap: f64,
    /// Whether to reduce the programme before solving; a warm basis is only used without.
    pub presolve: bool,
}

impl Options {
    /// The usual ones.
    pub const DEFAULT: Options = Options {
        method: Method::Simplex,
        time_limit_s: None,
        nodes_max: None,
        gap: 1e-4,
        presolve: true,
    };
}

impl Default for Options {
    fn default() -> Self {
        Options::DEFAULT
    }
}

/// What a solver refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SolverError {
    /// A call of the solver's interface failed: the programme holds what is not a number, or crossed infinities.
    Refused {
        /// Name of the call.
        call: &'static str,
    },
}

/// A basis: which columns and rows are basic, at a bound, or free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    columns: Vec<highs::HighsInt>,
    rows: Vec<highs::HighsInt>,
}

/// A solver with a programme in it.
#[derive(Debug)]
pub struct Solver {
    raw: *mut c_void,
    columns: usize,
    rows: usize,
    mixed: bool,
}

// The object is used through `&mut` by one thread at a time, and holds nothing of the thread that made it.
unsafe impl Send for Solver {}

impl Drop for Solver {
    fn drop(&mut self) {
        // SAFETY: `raw` came from `Highs_create` and is destroyed once.
        unsafe { highs::Highs_destroy(self.raw) }
    }
}

impl Solver {
    /// A solver that holds the programme.
    pub fn new<N: Copy + PartialEq>(
        programme: &Programme<N>,
        options: &Options,
    ) -> Result<Solver, SolverError> {
        // SAFETY: no preconditions.
        let raw = unsafe { highs::Highs_create() };
        let mut solver = Solver {
            raw,
            columns: programme.column_count(),
            rows: programme.row_count(),
            mixed: !programme.whole.is_empty(),
        };
        solver.set_flag("output_flag", false)?;
        solver.set_int("threads", 1)?;
        solver.set_text("parallel", "off")?;
        solver.set_options(options)?;
        solver.pass(programme)?;
        Ok(solver)
    }

    /// Changes the options.
    pub fn set_options(&mut self, options: &Options) -> Result<(), SolverError> {
        let method = match options.method {
            Method::Simplex => "simplex",
            Method::InteriorPoint => "ipm",
        };
        // Quadratic and mixed-integer programmes choose for themselves.
        self.set_text("solver", if self.mixed { "choose" } else { method })?;
        self.set_text("presolve", if options.presolve { "on" } else { "off" })?;
        self.set_number("mip_rel_gap", options.gap)?;
        let nodes = options
            .nodes_max
            .map_or(i32::MAX, |n| n.min(i32::MAX as u32) as i32);
        self.set_int("mip_max_nodes", nodes)?;
        self.set_number("time_limit", options.time_limit_s.unwrap_or(f64::INFINITY))
    }

    fn pass<N: Copy + PartialEq>(&mut self, programme: &Programme<N>) -> Result<(), SolverError> {
        let matrix = programme.matrix();
        let hessian = crate::programme::Matrix::by_columns(self.columns, &programme.quadratic);
        let q_count = hessian.values.len();
        let mut integrality = Vec::new();
        if self.mixed {
            integrality = vec![0 as highs::HighsInt; self.columns];
            for &c in &programme.whole {
                integrality[c as usize] = 1;
            }
        }
        let or_null = |v: &Vec<highs::HighsInt>| {
            if v.is_empty() {
                std::ptr::null()
            } else {
                v.as_ptr()
            }
        };
        // SAFETY: every array has the length that the counts say, and outlives the call, which copies them.
        let answer = unsafe {
            highs::Highs_passModel(
                self.raw,
                self.columns as highs::HighsInt,
                self.rows as highs::HighsInt,
                matrix.values.len() as highs::HighsInt,
                q_count as highs::HighsInt,
                highs::MATRIX_FORMAT_COLUMN_WISE,
                1, // lower triangle by columns, the one format that there is for Q
                highs::OBJECTIVE_SENSE_MINIMIZE,
                programme.offset,
                programme.cost.as_ptr(),
                programme.lower.as_ptr(),
                programme.upper.as_ptr(),
                programme.row_lower.as_ptr(),
                programme.row_upper.as_ptr(),
                matrix.starts.as_ptr(),
                matrix.rows.as_ptr(),
                matrix.values.as_ptr(),
                hessian.starts.as_ptr(),
                hessian.rows.as_ptr(),
                hessian.values.as_ptr(),
                or_null(&integrality),
            )
        };
        accepted("passModel", answer)
    }

    /// Number of columns.
    pub fn column_count(&self) -> usize {
        self.columns
    }

    /// Number of rows.
    pub fn row_count(&self) -> usize {
        self.rows
    }

    /// Changes the bounds of consecutive columns.
    pub fn set_column_bounds(
        &mut self,
        columns: Range<usize>,
        lower: &[f64],
        upper: &[f64],
    ) -> Result<(), SolverError> {
        let Some((from, to)) = ends(&columns, self.columns, &[lower, upper]) else {
            return Ok(());
        };
        // SAFETY: the range lies within the model and both slices are as long as it.
        let answer = unsafe {
            highs::Highs_changeColsBoundsByRange(self.raw, from, to, lower.as_ptr(), upper.as_ptr())
        };
        accepted("changeColsBoundsByRange", answer)
    }

    /// Changes the costs of consecutive columns.
    pub fn set_costs(&mut self, columns: Range<usize>, cost: &[f64]) -> Result<(), SolverError> {
        let Some((from, to)) = ends(&columns, self.columns, &[cost]) else {
            return Ok(());
        };
        // SAFETY: as above.
        let answer =
            unsafe { highs::Highs_changeColsCostByRange(self.raw, from, to, cost.as_ptr()) };
        accepted("changeColsCostByRange", answer)
    }

    /// Changes the bounds of consecutive rows.
    pub fn set_row_bounds(
        &mut self,
        rows: Range<usize>,
        lower: &[f64],
        upper: &[f64],
    ) -> Result<(), SolverError> {
        let Some((from, to)) = ends(&rows, self.rows, &[lower, upper]) else {
            return Ok(());
        };
        // SAFETY: as above.
        let answer = unsafe {
            highs::Highs_changeRowsBoundsByRange(self.raw, from, to, lower.as_ptr(), upper.as_ptr())
        };
        accepted("changeRowsBoundsByRange", answer)
    }

    /// Changes one coefficient of the matrix.
    pub fn set_coefficient(
        &mut self,
        row: usize,
        column: usize,
        value: f64,
    ) -> Result<(), SolverError> {
        assert!(
            row < self.rows && column < self.columns,
            "outside the model"
        );
        // SAFETY: row and column lie within the model.
        let answer = unsafe {
            highs::Highs_changeCoeff(
                self.raw,
                row as highs::HighsInt,
                column as highs::HighsInt,
                value,
            )
        };
        accepted("changeCoeff", answer)
    }

    /// Changes the constant part of the objective.
    pub fn set_offset(&mut self, offset: f64) -> Result<(), SolverError> {
        // SAFETY: no preconditions.
        let answer = unsafe { highs::Highs_changeObjectiveOffset(self.raw, offset) };
        accepted("changeObjectiveOffset", answer)
    }

    /// The basis that the last solve ended with; `None` where it left none.
    pub fn basis(&self) -> Option<Basis> {
        let mut columns = vec![0; self.columns];
        let mut rows = vec![0; self.rows];
        // SAFETY: both arrays are as long as the model; the solver is only read.
        let answer =
            unsafe { highs::Highs_getBasis(self.raw, columns.as_mut_ptr(), rows.as_mut_ptr()) };
        (answer == highs::STATUS_OK).then_some(Basis { columns, rows })
    }

    /// Starts the next solve from a basis of a programme of the same size.
    pub fn set_basis(&mut self, basis: &Basis) -> Result<(), SolverError> {
        assert!(
            basis.columns.len() == self.columns && basis.rows.len() == self.rows,
            "basis of another programme"
        );
        // SAFETY: both arrays are as long as the model.
        let answer =
            unsafe { highs::Highs_setBasis(self.raw, basis.columns.as_ptr(), basis.rows.as_ptr()) };
        accepted("setBasis", answer)
    }

    /// Forgets basis and solution, so that the next solve does not depend on those before.
    pub fn forget(&mut self) -> Result<(), SolverError> {
        // SAFETY: no preconditions.
        accepted("clearSolver", unsafe { highs::Highs_clearSolver(self.raw) })
    }

    /// Solves what stands in the solver now.
    pub fn solve(&mut self) -> Result<Solution, SolverError> {
        // SAFETY: no preconditions.
        let answer = unsafe { highs::Highs_run(self.raw) };
        accepted("run", answer)?;
        // SAFETY: no preconditions.
        let status = status(unsafe { highs::Highs_getModelStatus(self.raw) });
        let mut solution = Solution {
            status,
            feasible: self.int("primal_solution_status") == 2,
            objective: self.number("objective_function_value"),
            columns: vec![0.0; self.columns],
            reduced_costs: vec![0.0; self.columns],
            rows: vec![0.0; self.rows],
            duals: vec![0.0; self.rows],
            iterations: self.iterations(),
            gap: if self.mixed {
                self.number("mip_gap")
            } else {
                0.0
            },
        };
        // SAFETY: the four arrays are as long as the model.
        let answer = unsafe {
            highs::Highs_getSolution(
                self.raw,
                solution.columns.as_mut_ptr(),
                solution.reduced_costs.as_mut_ptr(),
                solution.rows.as_mut_ptr(),
                solution.duals.as_mut_ptr(),
            )
        };
        accepted("getSolution", answer)?;
        Ok(solution)
    }

    /// Solves again with the whole columns fixed at what they came to, so that rows have duals; the rest of the solution
    /// is that of the fixed programme, which costs the same.
    pub fn price<N: Copy + PartialEq>(
        &mut self,
        programme: &Programme<N>,
        solution: &mut Solution,
    ) -> Result<(), SolverError> {
        for &column in &programme.whole {
            let c = column as usize;
            let value = solution.columns[c].round();
            self.set_column_bounds(c..c + 1, &[value], &[value])?;
            // SAFETY: the column lies within the model.
            let answer = unsafe {
                highs::Highs_changeColIntegrality(self.raw, column as highs::HighsInt, 0)
            };
            accepted("changeColIntegrality", answer)?;
        }
        self.mixed = false;
        let priced = self.solve()?;
        if priced.status == Status::Optimal {
            let (status, gap) = (solution.status, solution.gap);
            *solution = priced;
            (solution.status, solution.gap) = (status, gap);
        }
        Ok(())
    }

    fn iterations(&self) -> u64 {
        let counts = [
            "simplex_iteration_count",
            "ipm_iteration_count",
            "crossover_iteration_count",
            "qp_iteration_count",
        ];
        let counts = counts.map(|name| self.int(name).max(0) as u64);
        counts.iter().sum()
    }

    fn set_flag(&mut self, option: &'static str, value: bool) -> Result<(), SolverError> {
        let name = c_text(option);
        // SAFETY: `name` is a C string that outlives the call.
        let answer = unsafe {
            highs::Highs_setBoolOptionValue(self.raw, name.as_ptr(), highs::HighsInt::from(value))
        };
        accepted(option, answer)
    }

    fn set_int(&mut self, option: &'static str, value: i32) -> Result<(), SolverError> {
        let name = c_text(option);
        // SAFETY: as above.
        let answer = unsafe { highs::Highs_setIntOptionValue(self.raw, name.as_ptr(), value) };
        accepted(option, answer)
    }

    fn set_number(&mut self, option: &'static str, value: f64) -> Result<(), SolverError> {
        let name = c_text(option);
        // SAFETY: as above.
        let answer = unsafe { highs::Highs_setDoubleOptionValue(self.raw, name.as_ptr(), value) };
        accepted(option, answer)
    }

    fn set_text(&mut self, option: &'static str, value: &str) -> Result<(), SolverError> {
        let (name, value) = (c_text(option), c_text(value));
        // SAFETY: as above, both strings.
        let answer =
            unsafe { highs::Highs_setStringOptionValue(self.raw, name.as_ptr(), value.as_ptr()) };
        accepted(option, answer)
    }

    fn int(&self, info: &str) -> i32 {
        let name = c_text(info);
        let mut value = 0;
        // SAFETY: the name outlives the call and the value is written to.
        unsafe { highs::Highs_getIntInfoValue(self.raw, name.as_ptr(), &mut value) };
        value
    }

    fn number(&self, info: &str) -> f64 {
        let name = c_text(info);
        let mut value = f64::NAN;
        // SAFETY: as above.
        unsafe { highs::Highs_getDoubleInfoValue(self.raw, name.as_ptr(), &mut value) };
        value
    }
}

/// First and last index of a range as the interface wants them; `None` where it is empty.
fn ends(
    range: &Range<usize>,
    count: usize,
    slices: &[&[f64]],
) -> Option<(highs::HighsInt, highs::HighsInt)> {
    assert!(range.end <= count, "outside the model");
    for slice in slices {
        assert_eq!(slice.len(), range.len(), "one value for each index");
    }
    let last = range.end.checked_sub(1)?;
    (!range.is_empty()).then_some((range.start as highs::HighsInt, last as highs::HighsInt))
}

/// Names of options are plain words without a zero byte.
fn c_text(text: &str) -> CString {
    CString::new(text).unwrap_or_default()
}

fn accepted(call: &'static str, answer: highs::HighsInt) -> Result<(), SolverError> {
    // Warnings are told by the status of the model.
    if answer == highs::STATUS_ERROR {
        return Err(SolverError::Refused { call });
    }
    Ok(())
}

fn status(code: highs::HighsInt) -> Status {
    match code {
        highs::MODEL_STATUS_OPTIMAL | highs::MODEL_STATUS_MODEL_EMPTY => Status::Optimal,
        highs::MODEL_STATUS_INFEASIBLE => Status::Infeasible,
        highs::MODEL_STATUS_UNBOUNDED => Status::Unbounded,
        highs::MODEL_STATUS_UNBOUNDED_OR_INFEASIBLE => Status::InfeasibleOrUnbounded,
        highs::MODEL_STATUS_REACHED_TIME_LIMIT
        | highs::MODEL_STATUS_REACHED_ITERATION_LIMIT
        | highs::MODEL_STATUS_REACHED_SOLUTION_LIMIT => Status::Limit,
        _ => Status::Failed,
    }
}
