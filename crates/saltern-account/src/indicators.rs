//! Indicators: definitions kept in tables, evaluated over a statement.
//!
//! A definition is a formula with an id, an edition, a unit and a source, and a threshold only where one is published. In a
//! formula stand
//!
//! | what | meaning | unit |
//! |---|---|---|
//! | `mass(…)`, `volume(…)`, `energy(…)` | sum over the flows that all choices fit | kg, m³, J |
//! | `stock(…)` | what nodes gained of an element (or of all) | kg |
//! | choices | `from`, `to`, `from_kind`, `to_kind`, `stream`, `kind`, `carrier`, `role`, `product`, `element`, `mineral`, each one or more ids with `\|` between them | |
//! | `mean(a, b, …)`, `mean(x in set: …)`, `sum(x in set: …)` | | |
//! | `ratio(a, b)` | a ÷ b, and 0 where both are 0: what was never tried was never won | |
//! | a name | an input of the base or a coefficient | its own |
//! | `0.1229 [kgce/kWh]` | a number with a unit | |
//!
//! Units are checked: adding kilograms to cubic metres is an error, and so is a formula whose result does not fit its unit.
//! What cannot be computed (a role that no stream has, a division by zero) is left without a value, with the reason.

mod data;
mod definition;
mod evaluate;

pub use data::{built_in, built_in_inputs};
pub use definition::{Definition, Inputs, Threshold};
pub use evaluate::{Figure, evaluate};
