//! The run folder from outside: written, read, refused, exported, compared, told.

mod exports;
mod fixture;
mod folders;
mod reports;
