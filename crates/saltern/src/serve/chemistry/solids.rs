//! Solids of a diagram, and the parameters behind it, each with where its number comes from.

use saltern_brine::assembly::kind_name;
use saltern_brine::database::{Component, Database, HYDROGEN, MineralId, Provenance, WATER};
use saltern_server::Sentence;
use saltern_server::diagrams::{Origin, Parameter, Solid};

use super::{Chemistry, ZERO_K};
use crate::brine::diagram::palette::{solid_name, tints};

/// The solids of a diagram, each once; the always-present one among them.
pub(super) struct Solids<'a> {
    chemistry: &'a Chemistry<'a>,
    ids: Vec<MineralId>,
    tints: Vec<usize>,
}

impl<'a> Solids<'a> {
    pub(super) fn new(
        chemistry: &'a Chemistry<'a>,
        named: impl Iterator<Item = MineralId>,
        neighbours: &[[MineralId; 2]],
    ) -> Solids<'a> {
        let mut ids = Vec::new();
        for id in named.chain(chemistry.projection.saturating.iter().copied()) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        let tints = tints(chemistry.database, &ids, neighbours);
        Solids {
            chemistry,
            ids,
            tints,
        }
    }

    pub(super) fn index(&self, solid: MineralId) -> Option<usize> {
        self.ids.iter().position(|id| *id == solid)
    }

    pub(super) fn indices(&self, solids: &[MineralId]) -> Vec<usize> {
        solids.iter().filter_map(|id| self.index(*id)).collect()
    }

    pub(super) fn views(&self) -> Vec<Solid> {
        let ids = self.ids.iter().zip(&self.tints);
        ids.map(|(id, tint)| view(self.chemistry, *id, *tint))
            .collect()
    }
}

pub(super) fn view(chemistry: &Chemistry<'_>, solid: MineralId, tint: usize) -> Solid {
    let database = chemistry.database;
    let mineral = &database.minerals[solid];
    Solid {
        id: mineral.name.clone(),
        name: Sentence::of(|lang| solid_name(database, solid, lang)),
        tint,
        reaction: reaction(database, solid),
        log10_k: mineral.log_k.at(chemistry.temperature_k),
        origin: origin(database, &mineral.provenance),
    }
}

/// `Carnallite ⇌ K⁺ + Mg²⁺ + 3 Cl⁻ + 6 H₂O`.
fn reaction(database: &Database, solid: MineralId) -> String {
    let mineral = &database.minerals[solid];
    let side = |sign: f64| {
        let terms = mineral.dissolution.iter().filter(|(_, n)| n * sign > 0.0);
        let (water, ions): (Vec<_>, Vec<_>) = terms.partition(|(c, _)| *c == WATER);
        let term = |&(c, n): &(usize, f64)| {
            let name = ion_name(&database.components[c]);
            match n.abs() {
                1.0 => name,
                n => format!("{} {name}", (n * 1e6).round() / 1e6),
            }
        };
        // As chemists write it: water last.
        let terms = ions.into_iter().chain(water);
        let terms: Vec<String> = terms.map(term).collect();
        terms.join(" + ")
    };
    let (taken, given) = (side(-1.0), side(1.0));
    let with = if taken.is_empty() {
        String::new()
    } else {
        format!(" + {taken}")
    };
    format!("{}{with} ⇌ {given}", mineral.name)
}

/// `SO4-2` as SO₄²⁻, `Na+` as Na⁺.
pub(in crate::serve) fn ion_name(component: &Component) -> String {
    const HIGH: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let (name, charge) = match component.name.find(['+', '-']) {
        Some(at) => component.name.split_at(at),
        None => (component.name.as_str(), ""),
    };
    let high = |c: char| match c {
        '+' => '⁺',
        '-' => '⁻',
        digit => digit.to_digit(10).map_or(digit, |d| HIGH[d as usize]),
    };
    // The sign is written behind the number.
    let (signs, digits): (String, String) = charge.chars().partition(|c| !c.is_ascii_digit());
    let charge: String = digits.chars().chain(signs.chars()).map(high).collect();
    crate::brine::diagram::palette::formula(name) + &charge
}

fn origin(database: &Database, provenance: &Provenance) -> Origin {
    let degc = |kelvin: f64| ((kelvin - ZERO_K) * 1e6).round() / 1e6;
    let source = provenance.source.and_then(|i| database.sources.get(i));
    let source = source.map(|source| match source.reference.is_empty() {
        true => source.key.clone(),
        false => source.reference.clone(),
    });
    Origin {
        source: source.unwrap_or_default(),
        from_degc: provenance.temperature_k_min.map(degc),
        to_degc: provenance.temperature_k_max.map(degc),
        note: provenance.note.clone(),
    }
}

/// Parameters of the model between species that the ions of the system can make; those of hydrogen and hydroxide are left out,
/// which count for nothing in a neutral brine of salts.
pub(super) fn parameters(chemistry: &Chemistry<'_>) -> Vec<Parameter> {
    let database = chemistry.database;
    let held = chemistry.projection.system.components();
    let is_held = |species: usize| {
        let formation = &database.species[species].formation;
        let made = formation.iter().all(|(c, _)| *c == 0 || held.contains(c));
        let protons = formation.iter().any(|(c, n)| *c == HYDROGEN && *n != 0.0);
        made && !protons && formation.iter().any(|(c, _)| *c > HYDROGEN)
    };
    let of = database.interactions.iter().filter(|interaction| {
        let (a, b, c) = interaction.species;
        is_held(a) && is_held(b) && c.is_none_or(is_held)
    });
    let view = |interaction: &saltern_brine::database::Interaction| {
        let (a, b, c) = interaction.species;
        let species = [Some(a), Some(b), c];
        let name = |id: usize| database.species[id].name.clone();
        Parameter {
            kind: kind_name(interaction.kind).into(),
            species: species.into_iter().flatten().map(name).collect(),
            value: interaction.at(chemistry.temperature_k),
            origin: origin(database, &interaction.provenance),
        }
    };
    of.map(view).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_solid_dissolves_into_ions_as_chemists_write_them() {
        let database = saltern_brine::thermo::default_database();
        let written = |name: &str| reaction(&database, database.mineral(name).expect("a mineral"));
        assert_eq!(
            written("Carnallite"),
            "Carnallite ⇌ K⁺ + Mg²⁺ + 3 Cl⁻ + 6 H₂O"
        );
        assert_eq!(written("Glaserite"), "Glaserite ⇌ Na⁺ + 3 K⁺ + 2 SO₄²⁻");
    }
}
