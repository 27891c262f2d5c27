//! Who may do what. Every way into the server is a door with a right on it: there is no way to add one without.

mod caller;
mod door;
mod limits;
mod right;

pub(crate) use caller::{COOKIE, Caller, cookie_name, cookie_of};
pub(crate) use door::{Doors, Needs};
pub(crate) use limits::Limits;
pub use right::Right;
