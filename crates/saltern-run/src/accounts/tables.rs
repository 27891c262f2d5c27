//! Accounts as tables and as JSON.

use saltern_account::frames;
use saltern_account::measure::{Basis, ENERGY, MASS, VOLUME};
use saltern_account::recovery::Stage;
use saltern_base::frame::{Column, Frame, Values};
use saltern_units::Lang;
use saltern_units::message::Message as _;
use serde_json::{Value, json};

use super::{Accounts, NodeUse, Way};
use crate::contents::RunContents;

/// J in a kilowatt-hour.
const KWH_J: f64 = 3.6e6;
const TONNE_KG: f64 = 1000.0;

/// What amounts of utilities are shown in: unit, and base units in one.
pub fn shown_unit(basis: Basis) -> (&'static str, f64) {
    match basis {
        ENERGY => ("kWh", KWH_J),
        MASS => ("kg", 1.0),
        VOLUME => ("m3", 1.0),
        _ => ("-", 1.0),
    }
}

impl Accounts {
    /// All tables: `recovery`, `sankey`, `indicators`, `utilities`, `utilities_by_plant`, `grades`, `footprint`, `footprint_scopes`; those without
    /// a row are left out.
    pub fn frames(&self, lang: Lang) -> Vec<Frame> {
        let elements: Vec<(String, Vec<Stage>)> = self
            .ways
            .iter()
            .map(|way| (way.element.clone(), way.stages.clone()))
            .collect();
        let links = self.sankeys.iter().map(frames::sankey_links).collect();
        let mut all = vec![
            self.named_stages(frames::recovery(&elements, lang)),
            stacked(links),
            frames::indicators(&self.definitions, &self.figures, lang),
            self.utilities_frame(),
            self.by_plant_frame(),
            self.grades_frame(lang),
        ];
        if let Some(footprint) = &self.footprint {
            all.push(frames::footprint(footprint, lang));
            let scopes = footprint.by_scope();
            all.push(Frame::new(
                "footprint_scopes",
                vec![
                    Column::texts("scopes", scopes.iter().map(|(s, _)| s.text())),
                    Column::numbers("co2e", "kg", scopes.iter().map(|(_, kg)| *kg)),
                ],
            ));
        }
        all.retain(|frame| crate::table::rows(frame) > 0);
        all
    }

    /// Stages by name, with their nodes beside.
    fn named_stages(&self, mut frame: Frame) -> Frame {
        let stages = || {
            let ways = self.ways.iter();
            ways.flat_map(|way| way.names.iter().zip(&way.stages))
        };
        let names = Column::texts("stage", stages().map(|(name, _)| name.clone()));
        let nodes = Column::texts("nodes", stages().map(|(_, stage)| stage.nodes.join(" ")));
        if let Some(at) = frame.columns.iter().position(|c| c.name == "stage") {
            frame.columns.splice(at..=at, [names, nodes]);
        }
        frame
    }

    fn utilities_frame(&self) -> Frame {
        let rows = &self.utilities;
        Frame::new(
            "utilities",
            vec![
                Column::texts("carrier", rows.iter().map(|u| u.carrier.clone())),
                Column::numbers(
                    "amount",
                    "",
                    rows.iter().map(|u| u.amount / shown_unit(u.basis).1),
                ),
                Column::texts("unit", rows.iter().map(|u| shown_unit(u.basis).0.into())),
                Column::numbers(
                    "per_tonne_of_product",
                    "",
                    rows.iter().map(|u| {
                        let per_kg = u.per_product_kg.unwrap_or(f64::NAN);
                        per_kg * TONNE_KG / shown_unit(u.basis).1
                    }),
                ),
            ],
        )
    }

    fn by_plant_frame(&self) -> Frame {
        let rows = &self.uses_by_node;
        let shown = |n: &NodeUse, x: f64| x / shown_unit(n.basis).1;
        Frame::new(
            "utilities_by_plant",
            vec![
                Column::texts("by", rows.iter().map(|n| n.by.clone())),
                Column::texts("carrier", rows.iter().map(|n| n.carrier.clone())),
                Column::numbers("amount", "", rows.iter().map(|n| shown(n, n.amount))),
                Column::texts("unit", rows.iter().map(|n| shown_unit(n.basis).0.into())),
                Column::texts("products", rows.iter().map(|n| n.products.join(" "))),
                Column::numbers(
                    "per_tonne_of_its_products",
                    "",
                    rows.iter()
                        .map(|n| shown(n, n.per_product_kg.unwrap_or(f64::NAN) * TONNE_KG)),
                ),
            ],
        )
    }

    fn grades_frame(&self, lang: Lang) -> Frame {
        let rows: Vec<_> = self
            .grades
            .iter()
            .flat_map(|p| p.classes.iter().map(move |class| (p, class)))
            .collect();
        Frame::new(
            "grades",
            vec![
                Column::texts("stream", rows.iter().map(|(p, _)| p.stream.clone())),
                Column::texts("product", rows.iter().map(|(p, _)| p.product.clone())),
                Column::texts("standard", rows.iter().map(|(_, c)| c.standard.clone())),
                Column::texts("class", rows.iter().map(|(_, c)| c.class(lang).into())),
                Column::texts("verdict", rows.iter().map(|(_, c)| c.verdict.text(lang))),
            ],
        )
    }

    /// `account.json`: the figures with their units, both languages where people read.
    pub fn json(&self, run: &RunContents) -> Value {
        json!({
            "saltern": env!("CARGO_PKG_VERSION"),
            "base": run.base.id,
            "from": self.statement.from.to_string(),
            "days": self.statement.days,
            "tables": run.tables.iter().map(|(name, text)| {
                (name.clone(), crate::digest::sha256_hex(text.as_bytes()).into())
            }).collect::<serde_json::Map<String, Value>>(),
            "recovery": self.ways.iter().map(way_json).collect::<Vec<_>>(),
            "sankey": self.sankeys.iter().map(|s| json!({
                "element": s.element,
                "unit": s.unit,
                "nodes": s.nodes.iter().map(|n| json!({
                    "id": n.id, "stock_change": n.stock_change,
                })).collect::<Vec<_>>(),
                "links": s.links.iter().map(|l| json!({
                    "from": s.nodes[l.from].id, "to": s.nodes[l.to].id,
                    "amount": l.amount, "streams": l.streams,
                })).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "indicators": self.figures.iter().map(|f| {
                let of = &self.definitions[f.definition];
                json!({
                    "id": of.id, "member": f.member, "name": {"en": of.name.en, "zh": of.name.zh},
                    "value": f.value.as_ref().ok(), "unit": of.unit,
                    "reason": f.value.as_ref().err().map(|e| json!({
                        "code": e.code(), "en": e.text(Lang::En), "zh": e.text(Lang::Zh),
                    })),
                    "formula": of.text, "edition": of.edition.en, "edition_zh": of.edition.zh,
                    "source": of.source.en, "source_zh": of.source.zh,
                    "threshold": of.threshold.as_ref().map(|t| json!({
                        "value": t.value, "at_least": t.at_least,
                        "source": t.source.en, "source_zh": t.source.zh,
                    })),
                    "meets": f.meets,
                })
            }).collect::<Vec<_>>(),
            "utilities": self.utilities.iter().map(|u| {
                let (unit, factor) = shown_unit(u.basis);
                json!({
                    "carrier": u.carrier, "amount": u.amount / factor, "unit": unit,
                    "per_tonne_of_product": u.per_product_kg.map(|x| x * TONNE_KG / factor),
                })
            }).collect::<Vec<_>>(),
            "utilities_by_plant": self.uses_by_node.iter().map(|n| {
                let (unit, factor) = shown_unit(n.basis);
                json!({
                    "by": n.by, "carrier": n.carrier, "amount": n.amount / factor, "unit": unit,
                    "products": n.products,
                    "per_tonne_of_its_products": n.per_product_kg.map(|x| x * TONNE_KG / factor),
                })
            }).collect::<Vec<_>>(),
            "grades": self.grades.iter().map(|p| json!({
                "stream": p.stream, "product": p.product,
                "composition": p.composition.iter().map(|(c, x)| (c.clone(), (*x).into()))
                    .collect::<serde_json::Map<String, Value>>(),
                "classes": p.classes.iter().map(|c| json!({
                    "standard": c.standard, "class": {"en": c.class_en, "zh": c.class_zh},
                    "verdict": {"en": c.verdict.text(Lang::En), "zh": c.verdict.text(Lang::Zh)},
                })).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "carbon": self.footprint.as_ref().map(|f| json!({
                "kind": f.total.kind(), "meaning": {"en": f.total.text(Lang::En), "zh": f.total.text(Lang::Zh)},
                "co2e": f.total.kg(), "unit": "kg",
                "scopes": f.by_scope().iter().map(|(s, kg)| json!({"scopes": s.text(), "co2e": kg})).collect::<Vec<_>>(),
                "without_factor": f.without_factor,
                "notices": f.notices().iter().map(|n| json!({
                    "code": n.code(), "en": n.text(Lang::En), "zh": n.text(Lang::Zh),
                })).collect::<Vec<_>>(),
            })),
        })
    }
}

fn way_json(way: &Way) -> Value {
    json!({
        "element": way.element,
        "unit": "kg",
        "drawn": way.drawn_kg,
        "overall": way.overall(),
        "stages": way.names.iter().zip(&way.stages).map(|(name, stage)| json!({
            "stage": name, "nodes": stage.nodes,
            "input": stage.input_kg, "onward": stage.onward_kg,
            "elsewhere": stage.elsewhere_kg.iter().map(|(id, kg)| json!({"to": id, "amount": kg})).collect::<Vec<_>>(),
            "stock_change": stage.stock_change_kg,
            "recovery": stage.recovery(), "recovery_of_throughput": stage.recovery_of_throughput(),
        })).collect::<Vec<_>>(),
    })
}

/// Frames of the same columns, one under the other.
fn stacked(frames: Vec<Frame>) -> Frame {
    let mut frames = frames.into_iter();
    let mut all = frames.next().unwrap_or_default();
    for frame in frames {
        for (column, more) in all.columns.iter_mut().zip(frame.columns) {
            match (&mut column.values, more.values) {
                (Values::Number(a), Values::Number(b)) => a.extend(b),
                (Values::Text(a), Values::Text(b)) => a.extend(b),
                (Values::Integer(a), Values::Integer(b)) => a.extend(b),
                (Values::Date(a), Values::Date(b)) => a.extend(b),
                // The same function made all of them.
                _ => {}
            }
        }
    }
    all
}
