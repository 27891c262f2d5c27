//! Stores from outside: what goes in comes out, whatever happens in between.

mod backup;
mod failing;
mod killed;
mod long;
mod model;
mod outbox;
mod room;
mod server;
