//! What a server knows of phase diagrams: the same that `brine diagram` draws, as numbers.

mod brine;
mod curve;
mod fields;
mod path;
mod solids;

pub(super) use solids::ion_name;

use std::sync::Arc;

use saltern_brine::blending::mass_kg;
use saltern_brine::database::{Database, MineralId};
use saltern_brine::diagram::{Projection, Shape, System};
use saltern_brine::phases;
use saltern_server::diagrams::{CountedIon, Diagram, DiagramMaker, DiagramOf, Paper};
use saltern_server::{Problem, ServerError};

/// 0 °C, K.
const ZERO_K: f64 = 273.15;

pub(super) fn maker() -> DiagramMaker {
    let database = Arc::new(saltern_brine::thermo::default_database());
    let other = Arc::clone(&database);
    DiagramMaker {
        diagram: Box::new(move |of| diagram(&database, of)),
        brine: Box::new(move |of| path::follow(&Chemistry::of(&other, &of.diagram)?, of)),
    }
}

/// A system at a temperature, and the solids that may form.
struct Chemistry<'a> {
    database: &'a Database,
    projection: Projection,
    allowed: Vec<MineralId>,
    temperature_k: f64,
}

impl<'a> Chemistry<'a> {
    fn of(database: &'a Database, of: &DiagramOf) -> Result<Chemistry<'a>, Problem> {
        let allowed = phases::stable(database);
        let system = System::parse(&of.system, database).map_err(|e| Problem::wrong(&e))?;
        let over = of.over.as_deref().filter(|name| !name.is_empty());
        let over = match over.map(|name| phases::find(database, name)) {
            Some(found) => Some(found.map_err(|e| Problem::wrong(&e))?),
            None => None,
        };
        let projection = Projection::new(system, over, &allowed, database);
        Ok(Chemistry {
            database,
            projection: projection.map_err(|e| Problem::wrong(&e))?,
            allowed,
            temperature_k: of.temperature_degc + ZERO_K,
        })
    }

    fn paper(&self) -> Result<Paper, Problem> {
        match self.projection.shape {
            Shape::Triangle => Ok(Paper::Triangle),
            Shape::Square => Ok(Paper::Square),
            Shape::Line => Ok(Paper::Line),
            Shape::Point => Err(ServerError::OneSalt {
                system: self.projection.system.name(),
            }
            .into()),
        }
    }

    /// `K2 + Mg + SO4`.
    fn basis(&self, counted: &[CountedIon], paper: Paper) -> String {
        let most = if paper == Paper::Square {
            2
        } else {
            counted.len()
        };
        let names: Vec<&str> = counted.iter().map(|ion| ion.pair.as_str()).collect();
        names[..most].join(" + ")
    }

    fn counted(&self) -> Vec<CountedIon> {
        let ions: Vec<_> = self.projection.system.ions().collect();
        let view = |&i: &usize| CountedIon {
            name: ions[i].name.clone(),
            pair: ions[i].pair_name(),
            charge: ions[i].charge,
            molar_mass_kg_mol: ions[i].molar_mass_kg_mol,
        };
        self.projection.counted.iter().map(view).collect()
    }

    /// Mass of component amounts, kg.
    fn mass_kg(&self, amounts_mol: &[f64]) -> f64 {
        mass_kg(self.database, amounts_mol)
    }

    /// Mass of a mole of a solid, kg.
    fn solid_kg_mol(&self, solid: MineralId) -> f64 {
        self.database
            .reaction_mass_kg_mol(&self.database.minerals[solid].dissolution)
    }
}

fn diagram(database: &Database, of: &DiagramOf) -> Result<Diagram, Problem> {
    let chemistry = Chemistry::of(database, of)?;
    let paper = chemistry.paper()?;
    let counted = chemistry.counted();
    let blank = Diagram {
        system: chemistry.projection.system.name(),
        corners: chemistry.projection.corners.clone(),
        basis: chemistry.basis(&counted, paper),
        counted,
        parameters: solids::parameters(&chemistry),
        database: database.name.clone(),
        ..Diagram::blank(of, paper)
    };
    Ok(match paper {
        Paper::Line => curve::draw(&chemistry, blank),
        Paper::Triangle | Paper::Square => fields::draw(&chemistry, blank),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use saltern_server::diagrams::{BrineOf, PathMode};

    fn of(system: &str, over: Option<&str>, temperature_degc: f64) -> DiagramOf {
        DiagramOf {
            system: system.into(),
            over: over.map(Into::into),
            temperature_degc,
        }
    }

    fn made(of: &DiagramOf) -> Diagram {
        (maker().diagram)(of).expect("a diagram")
    }

    /// At 25 °C a kilogram of water saturated with halite and sylvite holds 5.1065 mol Na and 2.0902 mol K (PHREEQC with pitzer.dat):
    /// 20.52 and 10.71 % by mass of NaCl and KCl. CRC Handbook of Chemistry and Physics: 26.45 % NaCl, 26.22 % KCl alone.
    #[test]
    fn two_salts_in_water_are_as_handbooks_say() {
        let diagram = made(&of("NaCl-KCl-H2O", None, 25.0));
        assert_eq!(diagram.paper, Paper::Line);
        let first = diagram.curves[0].points[0];
        let last = *diagram.curves[1].points.last().expect("points");
        assert!(
            (first[0] - 0.2645).abs() < 0.002 && first[1].abs() < 1e-9,
            "{first:?}"
        );
        assert!(
            (last[1] - 0.2622).abs() < 0.002 && last[0].abs() < 1e-9,
            "{last:?}"
        );
        let [point] = &diagram.points[..] else {
            panic!("{:?}", diagram.points)
        };
        assert!((point.place[0] - 0.2052).abs() < 0.001, "{point:?}");
        assert!((point.place[1] - 0.1071).abs() < 0.001, "{point:?}");
    }

    #[test]
    fn jaeneckes_triangle_is_the_drawing_of_the_command_line() {
        let diagram = made(&of("Na,K,Mg//Cl,SO4", Some("Halite"), 25.0));
        assert_eq!(diagram.paper, Paper::Triangle);
        assert_eq!(diagram.corners, ["K2", "Mg", "SO4"]);
        let shares: f64 = diagram.fields.iter().map(|field| field.share).sum();
        assert!((shares - 1.0).abs() < 0.01, "{shares}");
        let ids: Vec<&str> = diagram.solids.iter().map(|s| s.id.as_str()).collect();
        for id in ["Halite", "Carnallite", "Kainite", "Bischofite", "Glaserite"] {
            assert!(ids.contains(&id), "{ids:?}");
        }
        for line in &diagram.lines {
            assert!(
                line.water_activities[0] >= line.water_activities[1],
                "{line:?}"
            );
        }
        for solid in &diagram.solids {
            assert!(
                solid.log10_k.is_finite() && !solid.reaction.is_empty(),
                "{solid:?}"
            );
        }
        assert!(diagram.parameters.iter().any(|p| p.kind == "PSI"));
        assert!(
            diagram
                .parameters
                .iter()
                .all(|p| !p.species.contains(&"Li+".into()))
        );
    }

    /// Nothing is lost on a path: brine, salts and the water that went make a tonne.
    #[test]
    fn a_tonne_of_brine_stays_a_tonne() {
        for (system, over, place, mode) in [
            (
                "Na,K,Mg//Cl,SO4",
                Some("Halite"),
                [0.6, 0.2],
                PathMode::Equilibrium,
            ),
            (
                "Na,K,Mg//Cl,SO4",
                Some("Halite"),
                [0.6, 0.2],
                PathMode::Fractional,
            ),
            ("NaCl-KCl-H2O", None, [0.15, 0.15], PathMode::Equilibrium),
            ("Na,Mg//Cl,SO4", None, [0.4, 0.3], PathMode::Fractional),
        ] {
            let asked = BrineOf {
                diagram: of(system, over, 25.0),
                place,
                mode,
            };
            let path = (maker().brine)(&asked).expect("a path");
            let kg = |step: &saltern_server::diagrams::PathStep| {
                step.brine_kg + step.solids_kg.iter().sum::<f64>()
            };
            let first = path.steps.first().expect("steps");
            assert!((kg(first) - 1000.0).abs() < 1e-3, "{system}: {}", kg(first));
            for pair in path.steps.windows(2) {
                assert!(kg(&pair[1]) <= kg(&pair[0]) + 1e-3, "{system}");
            }
            let last = path.steps.last().expect("steps");
            assert!(last.brine_kg < 1.0, "{system}: {last:?}");
            assert!(path.first.is_some() && !path.solids.is_empty());
        }
    }

    /// What lies in a field crystallises first what the field is named for.
    #[test]
    fn a_brine_in_a_field_begins_with_its_salt() {
        let asked = of("Na,K,Mg//Cl,SO4", Some("Halite"), 25.0);
        let diagram = made(&asked);
        for field in diagram.fields.iter().filter(|field| field.room > 0.01) {
            let brine = BrineOf {
                diagram: asked.clone(),
                place: field.centre,
                mode: PathMode::Equilibrium,
            };
            let path = (maker().brine)(&brine).expect("a path");
            let first = path.first.expect("a salt");
            assert_eq!(first.id, diagram.solids[field.solid].id);
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        for (system, over, code) in [
            ("Fe//Cl", None, "diagram.unknown_ion"),
            ("NaCl-H2O", None, "diagram.one_salt"),
            ("Na,K,Mg//Cl,SO4", None, "diagram.wrong_size"),
            ("Na,K,Mg//Cl,SO4", Some("Xyz"), "phases.unknown_mineral"),
        ] {
            let refused = (maker().diagram)(&of(system, over, 25.0)).expect_err(system);
            assert_eq!(refused.code, code, "{refused:?}");
        }
    }
}
