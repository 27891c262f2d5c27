//! What plans must reach and hold, asked through the public interface.

mod benchmark;
mod folder;
mod rolling;
