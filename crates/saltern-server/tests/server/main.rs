//! A server against what must hold of it, asked as clients ask it.

mod access;
mod alarms;
mod copies;
mod folder;
mod hall;
mod orders;
mod samples;
mod stream;
mod tenants;
