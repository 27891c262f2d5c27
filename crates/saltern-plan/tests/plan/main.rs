//! What plans must reach and hold, asked through the public interface.

mod benchmark;
mod deadlines;
mod folder;
mod rolling;
mod units;
