//! `--ahead`: the members marched on through weathers that may come.

use jiff::Span;
use jiff::civil::Date;
use saltern_base::frame::{Column, Frame};
use saltern_base::model::{Base, WeatherChoice};
use saltern_climate::Forcing;
use saltern_estimate::departure::Campaign;
use saltern_estimate::each::Each;
use saltern_estimate::forecast::{Forecast, Outlook, forecast};
use saltern_estimate::state::Estimate;

use super::{failure, tables};
use crate::args::EstimateArgs;
use crate::failure::Failure;
use crate::simulate::Folder;
use crate::simulate::weather::chosen;

/// Weathers of so many days: of a generator with seeds of their own; of a record, the same days of each year that it has.
pub(super) fn weathers(
    folder: &Folder,
    base: &Base,
    from: Date,
    days: u16,
    args: &EstimateArgs,
) -> Result<Vec<Vec<Forcing>>, Failure> {
    let mut weathers = Vec::new();
    match &base.weather {
        WeatherChoice::Normals { path, .. } => {
            for i in 0..u64::from(args.weathers) {
                let choice = WeatherChoice::Normals {
                    path: path.clone(),
                    seed: args.seed.wrapping_add(i),
                };
                let (weather, ..) = chosen(folder, &choice, &base.site)?;
                weathers.push(hours(&weather, from, days).map_err(Failure::input)?);
            }
        }
        choice => {
            let (weather, ..) = chosen(folder, choice, &base.site)?;
            for back in 0..i64::from(args.weathers) {
                let start = from.checked_sub(Span::new().years(back)).unwrap_or(from);
                match hours(&weather, start, days) {
                    Ok(hours) => weathers.push(hours),
                    Err(error) if back + 1 == i64::from(args.weathers) && weathers.is_empty() => {
                        return Err(Failure::input(error));
                    }
                    Err(_) => {}
                }
            }
        }
    }
    Ok(weathers)
}

fn hours(
    weather: &saltern_climate::Weather,
    from: Date,
    days: u16,
) -> Result<Vec<Forcing>, saltern_climate::WeatherError> {
    let mut hours = Vec::new();
    for day in from.series(Span::new().days(1)).take(usize::from(days)) {
        hours.extend(weather.forcing(day)?);
    }
    Ok(hours)
}

/// `forecast` and `phases`.
pub(super) fn frames(
    campaign: &Campaign<'_>,
    found: &Estimate,
    from: Date,
    days: u16,
    weathers: &[Vec<Forcing>],
    each: &Each<'_>,
) -> Result<[Frame; 2], Failure> {
    let outlook = Outlook {
        inputs: campaign.inputs,
        from,
        days: u32::from(days),
        schedule: None,
        weathers,
    };
    let ahead = forecast(&outlook, found, each).map_err(failure)?;
    let base = campaign.inputs.base;
    Ok([
        spreads(&ahead, found, base, from, days),
        phases(&ahead, base),
    ])
}

fn spreads(ahead: &Forecast, found: &Estimate, base: &Base, from: Date, days: u16) -> Frame {
    let quantities = tables::quantities(found);
    let (mut dates, mut ponds, mut names, mut units) = (vec![], vec![], vec![], vec![]);
    let mut quantiles = [vec![], vec![], vec![]];
    for (day, date) in (0u32..).zip(from.series(Span::new().days(1)).take(usize::from(days))) {
        for (p, pond) in base.ponds.iter().enumerate() {
            for (quantity, unit, name) in &quantities {
                let spread = ahead.spread(day, p, quantity);
                dates.push(date);
                ponds.push(pond.id.clone());
                names.push(name.clone());
                units.push(unit.to_string());
                quantiles[0].push(spread.low);
                quantiles[1].push(spread.middle);
                quantiles[2].push(spread.high);
            }
        }
    }
    let [low, middle, high] = quantiles;
    Frame::new(
        "forecast",
        vec![
            Column::dates("date", dates),
            Column::texts("pond", ponds),
            Column::texts("quantity", names),
            Column::texts("unit", units),
            Column::numbers("low_5", "", low),
            Column::numbers("middle", "", middle),
            Column::numbers("high_95", "", high),
        ],
    )
}

/// Days until a mineral comes; blank where it does not within the days looked at.
fn phases(ahead: &Forecast, base: &Base) -> Frame {
    let all: Vec<_> = (0..base.ponds.len())
        .flat_map(|p| ahead.next_phases(p))
        .collect();
    let finite = |v: f64| if v.is_finite() { v } else { f64::NAN };
    let days = |of: fn(&saltern_estimate::forecast::Spread) -> f64| {
        all.iter().map(move |n| finite(of(&n.days)))
    };
    Frame::new(
        "phases",
        vec![
            Column::texts("pond", all.iter().map(|n| base.ponds[n.pond].id.clone())),
            Column::texts("mineral", all.iter().map(|n| n.mineral.clone())),
            Column::numbers("share", "%", all.iter().map(|n| 100.0 * n.share)),
            Column::numbers("days_low_5", "d", days(|s| s.low)),
            Column::numbers("days_middle", "d", days(|s| s.middle)),
            Column::numbers("days_high_95", "d", days(|s| s.high)),
        ],
    )
}
