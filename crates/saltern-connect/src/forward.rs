//! Our tags told to a broker above, as an edge node of Sparkplug B. What is told is on disk before it is sent, and leaves the
//! disk when the broker has acknowledged it; an outage upstream costs nothing but room. What happens now is sent as it
//! happens even while a long backlog drains: each round sends the latest readings, then a share of the backlog, oldest first.
//!
//! One departure from the specification: data go at quality of service 1, where Sparkplug asks for 0, because nothing can be
//! taken off the disk that nobody acknowledged.

mod letter;
mod session;
mod store;

pub(crate) use session::{Plan, session};
pub(crate) use store::Store;
