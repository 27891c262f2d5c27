//! Writing down who did what.

use std::sync::Arc;

use saltern_records::Act;

use crate::access::Caller;
use crate::house::House;
use crate::problem::Problem;

/// Writes an act of a caller down. What can't be written down is not to be done: call it before, or take the act back.
pub(crate) async fn note(
    house: &Arc<House>,
    caller: &Caller,
    category: &'static str,
    action: &'static str,
    object: &str,
    detail: &str,
) -> Result<(), Problem> {
    let (who, tenant) = (caller.name.clone(), caller.tenant.clone());
    let (object, detail) = (object.to_string(), detail.to_string());
    let time_us = house.wall_us();
    house
        .ask(move |records| {
            records.audit(&Act {
                time_us,
                who: &who,
                tenant: tenant.as_deref(),
                category,
                action,
                object: &object,
                detail: &detail,
            })
        })
        .await?;
    Ok(())
}
