//! Chemical formulas: elements, charge and molar mass (to be completed).

/// Elements of a chemical formula with their counts, and its charge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Formula {
    /// (element symbol, atoms), in order of first appearance.
    pub elements: Vec<(String, f64)>,
    /// Charge number.
    pub charge: f64,
}
