//! Factors and inventories that are built in.

use super::{Choice, Factors, Inventory};
use crate::error::AccountError;

/// Built-in factor tables: file and text.
pub const FACTORS: [(&str, &str); 3] = [
    (
        "grid-electricity-cn.csv",
        include_str!("../../../../data/factors/grid-electricity-cn.csv"),
    ),
    (
        "fuels-cn.csv",
        include_str!("../../../../data/factors/fuels-cn.csv"),
    ),
    (
        "chaerhan-li2co3-published.csv",
        include_str!("../../../../data/factors/chaerhan-li2co3-published.csv"),
    ),
];

/// All built-in factors.
///
/// # Errors
/// None as long as the tables are sound, which a test sees to.
pub fn factors() -> Result<Factors, AccountError> {
    let mut all = Factors::default();
    for (file, text) in FACTORS {
        all = all.with(Factors::read(file, text)?);
    }
    Ok(all)
}

/// The inventory of Li2CO3 from Chaerhan brine.
///
/// # Errors
/// As [`factors`].
pub fn chaerhan_li2co3() -> Result<Inventory, AccountError> {
    Inventory::read(
        (
            "chaerhan-li2co3.csv",
            include_str!("../../../../data/inventories/chaerhan-li2co3.csv"),
        ),
        (
            "chaerhan-li2co3.exchanges.csv",
            include_str!("../../../../data/inventories/chaerhan-li2co3.exchanges.csv"),
        ),
    )
}

/// The factors that give the published footprint of [`chaerhan_li2co3`].
///
/// # Errors
/// As [`factors`].
pub fn chaerhan_choices() -> Result<Vec<Choice>, AccountError> {
    Choice::read(
        "chaerhan-li2co3.factors.csv",
        include_str!("../../../../data/inventories/chaerhan-li2co3.factors.csv"),
    )
}
