//! A server against what must hold of it, asked as clients ask it.

mod access;
mod alarms;
mod api;
mod assays;
mod closings;
mod copies;
mod energy;
mod failing;
mod folder;
mod hall;
mod jobs;
mod network;
mod nights;
mod orders;
mod pages;
mod plans;
mod runs;
mod samples;
mod stream;
mod tenants;
