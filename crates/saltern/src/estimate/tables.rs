//! Tables of an estimate, and what a person is told of it.

use std::fmt::Write as _;

use saltern_base::frame::{Column, Frame};
use saltern_base::model::{Base, PondId, Schedule};
use saltern_brine::database::Database;
use saltern_estimate::book;
use saltern_estimate::observation::Quantity;
use saltern_estimate::state::{Band, Estimate, Member};
use saltern_units::Lang;

/// A leak is named when it is this many deviations above none; the leak sensor has a test of its own.
const LEAK_TOLD: f64 = 2.0;

/// What is told of a quantity of a pond.
struct Told {
    pond: PondId,
    quantity: String,
    unit: &'static str,
    value: f64,
    band: Band,
}

/// `estimates`: every pond on the last evening, with bands.
pub(super) fn estimates(found: &Estimate, base: &Base) -> Frame {
    let mut rows = Vec::new();
    for pond in 0..base.ponds.len() {
        rows.extend(of_pond(found, base, pond));
    }
    let band = |row: &Told| row.band.interval_95();
    Frame::new(
        "estimates",
        vec![
            Column::texts("pond", rows.iter().map(|r| base.ponds[r.pond].id.clone())),
            Column::texts("quantity", rows.iter().map(|r| r.quantity.clone())),
            Column::texts("unit", rows.iter().map(|r| r.unit.to_string())),
            Column::numbers("value", "", rows.iter().map(|r| r.value)),
            Column::numbers("standard_deviation", "", rows.iter().map(|r| r.band.sigma)),
            Column::numbers("low_95", "", rows.iter().map(|r| band(r).0)),
            Column::numbers("high_95", "", rows.iter().map(|r| band(r).1)),
        ],
    )
}

/// The rows of a pond: the most probable value, and the band of the members around it.
fn of_pond(found: &Estimate, base: &Base, pond: PondId) -> Vec<Told> {
    let central = &found.central.track;
    let last = central.days - 1;
    let row = central.row(last, pond);
    let mut rows = Vec::new();
    let mut add = |quantity: &str, unit: &'static str, value: f64, of: &dyn Fn(&Member) -> f64| {
        rows.push(Told {
            pond,
            quantity: quantity.into(),
            unit,
            value,
            band: Band {
                mean: value,
                ..Band::of(found.members.iter().map(of))
            },
        });
    };
    add("level", "m", central.level_m[row], &|m| {
        m.track.level_m[row]
    });
    add("depth", "m", central.depth_m[row], &|m| {
        m.track.depth_m[row]
    });
    add("density", "kg/m3", central.density_kg_m3[row], &|m| {
        m.track.density_kg_m3[row]
    });
    for (e, element) in central.elements.iter().enumerate() {
        add(element, "g/L", central.contents[e][row], &|m| {
            m.track.contents[e][row]
        });
    }
    add("salt", "m", central.salt_m[row], &|m| m.track.salt_m[row]);
    let leak_mm_d = |m: &Member| {
        let own = found.layout.base(base, &m.departures);
        own.ponds[pond].leakage_m_s * 86_400.0 * 1e3
    };
    add("leak", "mm/d", leak_mm_d(&found.central), &leak_mm_d);
    let evaporation = |m: &Member| {
        let days = 0..m.track.days;
        let sum: f64 = days
            .map(|d| m.track.evaporation_mm[m.track.row(d, pond)])
            .sum();
        sum / f64::from(m.track.days)
    };
    add(
        "evaporation",
        "mm/d",
        evaporation(&found.central),
        &evaporation,
    );
    let plain: f64 = (0..found.plain.days)
        .map(|d| found.plain.evaporation_mm[found.plain.row(d, pond)])
        .sum();
    let multiplier = |m: &Member| evaporation(m) * f64::from(m.track.days) / plain;
    add(
        "evaporation_multiplier",
        "-",
        multiplier(&found.central),
        &multiplier,
    );
    rows
}

/// `departures`: leaks, winds, meters and openings, and what the samples know of each.
pub(super) fn departures(found: &Estimate, base: &Base, database: &Database) -> Frame {
    let known = || found.known.iter();
    let named: Vec<_> = known().map(|k| k.departure.named(base, database)).collect();
    let with = |k: &saltern_estimate::matching::Matched| {
        let (kind, of, _) = k.with.named(base, database);
        format!("{kind} {of}").trim().to_string()
    };
    Frame::new(
        "departures",
        vec![
            Column::texts("departure", named.iter().map(|n| n.0.to_string())),
            Column::texts("of", named.iter().map(|n| n.1.clone())),
            Column::texts("unit", named.iter().map(|n| n.2.to_string())),
            Column::numbers("value", "", known().map(|k| k.value)),
            Column::numbers("standard_deviation", "", known().map(|k| k.sigma)),
            Column::numbers("informed", "%", known().map(|k| 100.0 * k.informed)),
            Column::numbers("correlation", "-", known().map(|k| k.correlation)),
            Column::texts("with", known().map(with)),
        ],
    )
}

/// `streams`: what moved over the window, with its deviation.
pub(super) fn streams(found: &Estimate) -> Frame {
    let rows = book::streams(found);
    let of = |s: &book::StreamBand| &found.run.book.streams[s.stream];
    let node = |n: usize| found.run.book.nodes[n].id.clone();
    let tonnes = |kg: f64| kg * 1e-3;
    Frame::new(
        "streams",
        vec![
            Column::texts("stream", rows.iter().map(|s| of(s).id.clone())),
            Column::texts("kind", rows.iter().map(|s| of(s).kind.name().to_string())),
            Column::texts("from", rows.iter().map(|s| node(of(s).from))),
            Column::texts("to", rows.iter().map(|s| node(of(s).to))),
            Column::numbers("mass", "t", rows.iter().map(|s| tonnes(s.mass_kg.mean))),
            Column::numbers(
                "mass_deviation",
                "t",
                rows.iter().map(|s| tonnes(s.mass_kg.sigma)),
            ),
            Column::numbers("volume", "m3", rows.iter().map(|s| s.volume_m3.mean)),
            Column::numbers(
                "volume_deviation",
                "m3",
                rows.iter().map(|s| s.volume_m3.sigma),
            ),
        ],
    )
}

/// `meters`: every meter against the book.
pub(super) fn meters(found: &Estimate, base: &Base, metered: &Schedule, class: f64) -> Frame {
    let rows = book::meters(found, base, metered, class);
    Frame::new(
        "meters",
        vec![
            Column::texts("link", rows.iter().map(|m| base.links[m.link].id.clone())),
            Column::numbers("metered", "m3", rows.iter().map(|m| m.metered_m3)),
            Column::numbers("booked", "m3", rows.iter().map(|m| m.booked_m3)),
            Column::numbers("z", "-", rows.iter().map(|m| m.z)),
        ],
    )
}

/// A line a pond.
pub(super) fn told(found: &Estimate, base: &Base, lang: Lang) -> String {
    let mut text = String::new();
    for (p, pond) in base.ponds.iter().enumerate() {
        let rows = of_pond(found, base, p);
        let get = |name: &str| rows.iter().find(|r| r.quantity == name);
        let (Some(level), Some(density)) = (get("level"), get("density")) else {
            continue;
        };
        let (Some(leak), Some(multiplier)) = (get("leak"), get("evaporation_multiplier")) else {
            continue;
        };
        let line = lang.pick(
            format!(
                "{:<8} level {:.3} ± {:.3} m, density {:.1} ± {:.1} kg/m3, evaporation × {:.2} ± {:.2}, leak {:.2} ± {:.2} mm/d",
                pond.id,
                level.value,
                level.band.sigma,
                density.value,
                density.band.sigma,
                multiplier.value,
                multiplier.band.sigma,
                leak.value,
                leak.band.sigma
            ),
            format!(
                "{:<8} 液位 {:.3} ± {:.3} m，密度 {:.1} ± {:.1} kg/m3，蒸发 × {:.2} ± {:.2}，渗漏 {:.2} ± {:.2} mm/d",
                pond.id,
                level.value,
                level.band.sigma,
                density.value,
                density.band.sigma,
                multiplier.value,
                multiplier.band.sigma,
                leak.value,
                leak.band.sigma
            ),
        );
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {line}");
        let said_mm_d = pond.leakage_m_s * 86_400.0 * 1e3;
        if leak.value - said_mm_d > LEAK_TOLD * leak.band.sigma {
            let more = lang.pick(
                format!("           more than the base says ({said_mm_d:.2} mm/d)"),
                format!("           高于基地所述（{said_mm_d:.2} mm/d）"),
            );
            let _ = writeln!(text, "{more}");
        }
    }
    text
}

/// What quantities a forecast is of.
pub(super) fn quantities(found: &Estimate) -> Vec<(Quantity, &'static str, String)> {
    let mut all = vec![
        (Quantity::Level, "m", "level".to_string()),
        (Quantity::Density, "kg/m3", "density".to_string()),
    ];
    let elements = found.central.track.elements.iter();
    all.extend(elements.map(|e| (Quantity::Content(e.clone()), "g/L", e.clone())));
    all
}
