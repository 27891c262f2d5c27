//! Agreement with PHREEQC on the same `pitzer.dat` (not with nature): activities, saturation points and
//! evaporation paths of the reference set beside the checkout. Skips, saying so, where that is absent.

mod activity;
mod reference;
mod solubility;
