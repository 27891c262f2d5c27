//! Soft sensors: tags that nobody measures and a model tells, beside those of each pond.

use std::collections::HashMap;

use saltern_base::energy::Identity;
use saltern_base::model::{Base, Label};
use saltern_base::tags::{Alarm, AlarmKind, Priority, Quantity, Source, Tag, Tags};
use saltern_samples::{Quality, Reading, Sample, TagId};
use saltern_units::place::Place;
use saltern_units::unit::{self, Dimension, Unit};

use super::found::Found;
use crate::operation::Live;

/// A day, s: how often they change.
const DAY_S: f64 = 86_400.0;

/// What every pond has, with the unit and names of its tag.
const SENSORS: [(&str, Quantity, &str, &str, &str); 8] = [
    ("leak", Quantity::Speed, "mm/d", "leak", "渗漏"),
    (
        "leak_low",
        Quantity::Speed,
        "mm/d",
        "leak, lower end of its band",
        "渗漏（区间下限）",
    ),
    (
        "leak_high",
        Quantity::Speed,
        "mm/d",
        "leak, upper end of its band",
        "渗漏（区间上限）",
    ),
    (
        "leak_beyond",
        Quantity::Speed,
        "mm/d",
        "leak beyond what the base says",
        "超出基地设定的渗漏",
    ),
    (
        "leak_found",
        Quantity::State,
        "1",
        "leak found (0 no, 1 yes)",
        "发现渗漏（0 否，1 是）",
    ),
    (
        "evaporation_multiplier",
        Quantity::Other,
        "1",
        "evaporation over that of the model",
        "蒸发与模型之比",
    ),
    (
        "salt",
        Quantity::Level,
        "m",
        "salt on the floor",
        "池底盐层厚度",
    ),
    (
        "next_phase",
        Quantity::Other,
        "d",
        "days to the next mineral",
        "距下一析出矿物天数",
    ),
];

/// Rows of soft sensors.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    /// By pond and quantity.
    rows: HashMap<(String, String), u32>,
    ids: std::collections::HashSet<String>,
}

impl Rows {
    /// Whether a tag is one.
    pub(crate) fn is_one(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// The row of a pond's sensor.
    pub(crate) fn row(&self, pond: &str, quantity: &str) -> Option<u32> {
        let key = (pond.to_string(), quantity.to_string());
        self.rows.get(&key).copied()
    }

    /// What a night found as readings of an instant.
    pub(super) fn readings(
        &self,
        live: &Live,
        found: &Found,
        time_us: i64,
        quality: Quality,
    ) -> Vec<Reading> {
        let mut readings = Vec::new();
        let mut tell = |pond: &str, quantity: &str, unit: &str, value: f64| {
            let Some(row) = self.row(pond, quantity).filter(|_| value.is_finite()) else {
                return;
            };
            let own = live.tag(row).unit;
            let value = match unit::find_any(unit) {
                Some(told) if told.dimension == own.dimension => own.from_si(told.to_si(value)),
                _ => value,
            };
            let sample = Sample {
                time_us,
                value,
                quality,
            };
            let tag = TagId(row);
            readings.push(Reading { tag, sample });
        };
        for of in &found.ponds {
            tell(&of.pond, &of.quantity, &of.unit, of.value);
            if of.quantity == "leak" {
                tell(&of.pond, "leak_low", &of.unit, of.low);
                tell(&of.pond, "leak_high", &of.unit, of.high);
            }
        }
        for leak in &found.leaks {
            tell(&leak.pond, "leak_beyond", "mm/d", leak.beyond_mm_d);
            tell(
                &leak.pond,
                "leak_found",
                "1",
                f64::from(u8::from(leak.is_leak)),
            );
        }
        for (pond, days) in next_days(found) {
            tell(pond, "next_phase", "d", days);
        }
        readings
    }
}

/// Days to the first mineral that comes next in each pond.
fn next_days(found: &Found) -> HashMap<&str, f64> {
    let mut days: HashMap<&str, f64> = HashMap::new();
    for phase in found.phases.iter().filter(|p| p.middle_d.is_finite()) {
        let least = days.entry(&phase.pond).or_insert(phase.middle_d);
        *least = least.min(phase.middle_d);
    }
    days
}

/// Adds sensors to the asset of every pond, and an alarm on the leak sensor. Ids that the base has already are left to it.
pub(crate) fn extend(live: &mut Tags, base: &Base) -> Rows {
    let mut soft = Rows::default();
    for pond in &base.ponds {
        let is_its = |asset: &saltern_base::tags::Asset| {
            asset.node.as_deref().unwrap_or(&asset.who.id) == pond.id
        };
        let Some(asset) = live.assets.iter().position(is_its) else {
            continue;
        };
        for (quantity, kind, symbol, en, zh) in SENSORS {
            let Some(unit) = unit::find_any(symbol) else {
                continue;
            };
            let who = who(&pond.id, quantity, &pond.name, en, zh);
            add(
                live,
                &mut soft,
                &pond.id,
                quantity,
                tag(who, asset, unit, kind, None),
            );
        }
        for (component, unit) in analysed(live, asset) {
            let en = format!("{component}, by the model");
            let zh = format!("{component}（模型估算）");
            let who = who(&pond.id, &component, &pond.name, &en, &zh);
            let kind = Quantity::Assay;
            let tag = tag(who, asset, unit, kind, Some(component.clone()));
            add(live, &mut soft, &pond.id, &component, tag);
        }
        if let Some(row) = soft.row(&pond.id, "leak_found") {
            live.alarms.push(alarm(live, row as usize, &pond.name));
        }
    }
    soft
}

/// Elements by volume that the laboratory tells of an asset.
fn analysed(live: &Tags, asset: usize) -> Vec<(String, &'static Unit)> {
    let own = live.tags.iter().filter(|tag| tag.asset == asset);
    let told = own.filter_map(|tag| {
        let component = tag.component.clone()?;
        // Symbols of elements have at most two letters; an estimate tells elements.
        let is_element = component.len() <= 2 && tag.unit.dimension == Dimension::Concentration;
        is_element.then_some((component, tag.unit))
    });
    told.collect()
}

fn add(live: &mut Tags, soft: &mut Rows, pond: &str, quantity: &str, tag: Tag) {
    if live.tag(&tag.who.id).is_none() {
        soft.ids.insert(tag.who.id.clone());
        let row = live.tags.len() as u32;
        soft.rows.insert((pond.into(), quantity.into()), row);
        live.tags.push(tag);
    }
}

fn who(pond: &str, quantity: &str, name: &Label, en: &str, zh: &str) -> Identity {
    Identity {
        id: format!("{pond}.estimated.{quantity}"),
        name: Label {
            en: format!("{}: {en}", name.en),
            zh: format!("{}：{zh}", name.zh),
        },
        place: Place::file("saltern"),
    }
}

fn tag(
    who: Identity,
    asset: usize,
    unit: &'static Unit,
    quantity: Quantity,
    component: Option<String>,
) -> Tag {
    Tag {
        who,
        asset,
        unit,
        quantity,
        component,
        low: None,
        high: None,
        resolution: None,
        source: Source::Calculated,
        connection: None,
        period_s: DAY_S,
        deadband: 0.0,
        retention_s: None,
        writing: None,
    }
}

fn alarm(live: &Tags, tag: usize, pond: &Label) -> Alarm {
    let label = |en: &str, zh: &str| Label {
        en: en.into(),
        zh: zh.into(),
    };
    let mut who = live.tags[tag].who.clone();
    who.name = label(
        &format!("{}: leak found", pond.en),
        &format!("{}发现渗漏", pond.zh),
    );
    Alarm {
        who,
        tag,
        kind: AlarmKind::State,
        limit: 1.0,
        reference: None,
        window_s: 0.0,
        deadband: 0.0,
        on_delay_s: 0.0,
        off_delay_s: 0.0,
        realarm_s: None,
        latching: false,
        confirm: false,
        priority: Priority::Medium,
        class: Some("production".into()),
        group: None,
        shelve_max_s: 7.0 * DAY_S,
        suppress_when: None,
        cause: label(
            "The pond loses more than levels, lithium and meters of the last weeks can explain",
            "近数周液位、锂含量与流量无法解释该池的损失",
        ),
        consequence: label(
            "Brine and its lithium go into the ground",
            "卤水及其中的锂渗入地下",
        ),
        action: label(
            "Look along the dikes and the canals; check the level gauge and the flow meters",
            "巡查堤坝与渠道，核对水尺与流量计",
        ),
        source: None,
    }
}
