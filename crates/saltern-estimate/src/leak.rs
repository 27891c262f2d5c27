//! The leak sensor: leak and evaporation of every pond from its level and a conservative ion.
//!
//! Level alone tells the sum of evaporation and leak; a conservative ion tells evaporation, because a leak carries it off
//! with the brine and evaporation leaves it behind. [`balance`] writes both balances down for small departures from a march of
//! the model, [`sensor`] estimates what departs, [`alarm`] says when a leak is called one.

pub mod alarm;
pub mod balance;
mod kalman;
pub mod sensor;
