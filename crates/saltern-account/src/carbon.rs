//! Carbon: what a product takes from its surroundings, and the CO₂ that stands for.
//!
//! [`Inventory`] solves a life-cycle inventory (Heijungs & Suh 2002, The Computational Structure of Life Cycle Assessment):
//! A s = f, totals B s. [`Factor`]s turn amounts into CO₂; a **direct** factor and a **life-cycle** factor are different
//! types, their sums stay apart, and a [`Footprint`] made of both says so. The boundary is cradle to gate: what is demanded
//! stands at the gate of the base.

pub mod data;
pub mod factor;
pub mod footprint;
pub mod inventory;
pub mod notice;

pub use factor::{DirectFactor, Factor, Factors, Gas, LifeCycleFactor, Scopes, Terms};
pub use footprint::{Choice, Footprint, KgDirect, KgLifeCycle, Line, Total, Use, footprint};
pub use inventory::{Demand, Inventory, Solution};
