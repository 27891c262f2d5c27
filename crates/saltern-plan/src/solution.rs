//! What a solver answers.

/// How a solve ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The best there is, within tolerances.
    Optimal,
    /// Nothing meets all bounds and rows.
    Infeasible,
    /// The objective falls without end.
    Unbounded,
    /// One of the two; the solver stopped before telling which.
    InfeasibleOrUnbounded,
    /// Time, iterations or nodes ran out; the best found so far, if any, is in the solution.
    Limit,
    /// The solver gave up.
    Failed,
}

/// Values of columns and rows, and what they are worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// How the solve ended.
    pub status: Status,
    /// Whether `columns` meet all bounds and rows.
    pub feasible: bool,
    /// Objective of `columns`.
    pub objective: f64,
    /// Value of each column.
    pub columns: Vec<f64>,
    /// Change of the objective per unit of each column at its bound; zero for mixed-integer programmes.
    pub reduced_costs: Vec<f64>,
    /// Value of each row.
    pub rows: Vec<f64>,
    /// Change of the objective per unit of each row's bound; zero for mixed-integer programmes.
    pub duals: Vec<f64>,
    /// Iterations of the simplex, the interior point and the crossover together.
    pub iterations: u64,
    /// Relative gap between the best found and the best possible; 0 without whole columns.
    pub gap: f64,
}
