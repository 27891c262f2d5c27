//! Definitions, coefficients and sets that are built in.

use super::{Definition, Inputs};
use crate::error::AccountError;

/// The built-in definitions.
///
/// # Errors
/// None as long as the tables are sound, which a test sees to.
pub fn built_in() -> Result<Vec<Definition>, AccountError> {
    Definition::read(
        "salt-lake.csv",
        include_str!("../../../../data/indicators/salt-lake.csv"),
    )
}

/// The built-in coefficients and sets.
///
/// # Errors
/// As [`built_in`].
pub fn built_in_inputs() -> Result<Inputs, AccountError> {
    let mut inputs = Inputs::default();
    inputs.read_values(
        "coefficients.csv",
        include_str!("../../../../data/indicators/coefficients.csv"),
    )?;
    inputs.read_sets(
        "sets.csv",
        include_str!("../../../../data/indicators/sets.csv"),
    )?;
    Ok(inputs)
}
