//! Quantities at the boundary: parse, convert and print numbers that carry units; tables whose
//! headers carry units; and the one way in which errors speak English and Chinese.
//!
//! - [`quantity`]: `"0.35 m"`, `"3000 亩"`, `"30 °Bé"` to SI and back; [`mod@unit`] is its table of units.
//! - [`table`]: CSV tables with headers `NAME [UNIT]` whose errors name file, row, column and value.
//! - [`date`]: calendar days as people type them.
//! - [`formula`]: formulas as people write them in tables.
//! - [`product`]: tonnes of KCl, K2O, Li and LCE, which must not be mixed.
//! - [`message`]: texts by code in both languages.

pub mod date;
pub mod formula;
pub mod message;
pub mod place;
pub mod powers;
pub mod product;
pub mod quantity;
pub mod table;
pub mod unit;

pub use message::Lang;
