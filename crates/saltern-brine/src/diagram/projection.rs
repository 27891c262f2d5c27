//! Where a brine lies on the paper.
//!
//! Ions are counted in *pairs of charges* (K2, Mg, SO4, Na2, Cl2), as Jänecke did. What is left after the two ions
//! of an always-present salt are struck out spans the diagram:
//!
//! | left | paper | coordinates |
//! |---|---|---|
//! | one salt | point | none |
//! | two salts of a common ion | line | x = share of the second |
//! | three ions (K2, Mg, SO4 over halite), or three salts of a common ion | triangle | x, y = shares of the second and third |
//! | two cations and two anions | square | x = share of the second cation, y = of the second anion |
//!
//! On each the component amounts are linear in the coordinates.

use crate::database::{Database, MineralId};
use crate::diagram::system::{Ion, System, SystemError};
use crate::water::MOLES_PER_KG;

/// The paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Nothing to vary but the concentration: one salt in water.
    Point,
    /// One ratio, 0…1.
    Line,
    /// Two shares, x ≥ 0, y ≥ 0, x + y ≤ 1.
    Triangle,
    /// Two ratios, each 0…1.
    Square,
}

/// A way to put the brines of a system on paper.
#[derive(Clone, Debug)]
pub struct Projection {
    /// The paper.
    pub shape: Shape,
    /// Its ions.
    pub system: System,
    /// Names of the corners: of a line both ends; of a triangle the origin, x = 1, y = 1; of a square
    /// (0,0), (1,0), (0,1), (1,1).
    pub corners: Vec<String>,
    /// Index among the system's ions of what each coordinate counts: all of a line or triangle, of a square the
    /// two cations, then the two anions.
    pub counted: Vec<usize>,
    /// Solids that may always be present: the hydrates of the always-present salt.
    pub saturating: Vec<MineralId>,
    /// Component amounts of one mole of the always-present salt; empty without one.
    pub saturating_mol: Vec<f64>,
    /// Component amounts at the origin for one pair of charges, mol.
    origin_mol: Vec<f64>,
    /// Change of the amounts with x and y, mol.
    slope_mol: [Vec<f64>; 2],
}

impl Projection {
    /// The projection of a system. `saturating` is the salt that is always present, if any; of `allowed` those
    /// that are hydrates of it may be present with it.
    ///
    /// # Errors
    /// [`SystemError::WrongSize`], [`SystemError::BadSaturating`].
    pub fn new(
        system: System,
        saturating: Option<MineralId>,
        allowed: &[MineralId],
        database: &Database,
    ) -> Result<Projection, SystemError> {
        let (mut cations, mut anions): (Vec<usize>, Vec<usize>) = (
            (0..system.cations.len()).collect(),
            (system.cations.len()..system.ions().count()).collect(),
        );
        let mut counter = None;
        if let Some(mineral) = saturating {
            let (cation, anion) = salt_ions(&system, mineral, database).ok_or_else(|| {
                SystemError::BadSaturating {
                    name: database.minerals[mineral].name.clone(),
                    system: system.name(),
                }
            })?;
            cations.retain(|i| *i != cation);
            anions.retain(|i| *i != anion);
            counter = Some((cation, anion));
        }
        let ions: Vec<Ion> = system.ions().cloned().collect();
        let neutral = |i: usize, j: usize| salt(&ions[i], &ions[j]);
        // What each corner is made of, and what it is called.
        let (shape, counted, vertices) = match (counter, cations.len(), anions.len()) {
            (Some((m, x)), nc, na) if nc + na == 2 || nc + na == 3 => {
                let shape = if nc + na == 2 {
                    Shape::Line
                } else {
                    Shape::Triangle
                };
                let counted: Vec<usize> = cations.iter().chain(&anions).copied().collect();
                let corner = |&i: &usize| {
                    let partner = if ions[i].charge > 0.0 { x } else { m };
                    (ions[i].pair_name(), neutral(i, partner).1)
                };
                let vertices: Vec<_> = counted.iter().map(corner).collect();
                (shape, counted, vertices)
            }
            (None, 1, 1) => {
                let vertices = vec![neutral(cations[0], anions[0])];
                (Shape::Point, vec![cations[0]], vertices)
            }
            (None, 2, 2) => {
                let counted = vec![cations[0], cations[1], anions[0], anions[1]];
                let at = |c: usize, a: usize| neutral(cations[c], anions[a]);
                let vertices = vec![at(0, 0), at(1, 0), at(0, 1), at(1, 1)];
                (Shape::Square, counted, vertices)
            }
            (None, nc, na) if nc.min(na) == 1 && (nc + na == 3 || nc + na == 4) => {
                let shape = if nc + na == 3 {
                    Shape::Line
                } else {
                    Shape::Triangle
                };
                let counted = if na == 1 {
                    cations.clone()
                } else {
                    anions.clone()
                };
                let common = if na == 1 { anions[0] } else { cations[0] };
                let vertices = counted.iter().map(|&i| neutral(i, common)).collect();
                (shape, counted, vertices)
            }
            (counter, nc, na) => {
                let saturated = usize::from(counter.is_some());
                return Err(SystemError::WrongSize {
                    system: system.name(),
                    ratios: (nc + na + saturated).saturating_sub(2),
                });
            }
        };
        let difference = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect();
        let origin_mol = vertices[0].1.clone();
        let zero = vec![0.0; origin_mol.len()];
        let slope_mol = [
            vertices
                .get(1)
                .map_or(zero.clone(), |v| difference(&v.1, &origin_mol)),
            vertices
                .get(2)
                .map_or(zero, |v| difference(&v.1, &origin_mol)),
        ];
        let saturating_mol = counter.map_or(Vec::new(), |(m, x)| neutral(m, x).1);
        let hydrates =
            |m: &MineralId| counter.is_some() && salt_ions(&system, *m, database) == counter;
        let mut present: Vec<MineralId> = allowed.iter().copied().filter(hydrates).collect();
        present.extend(saturating);
        present.sort_unstable();
        present.dedup();
        Ok(Projection {
            shape,
            corners: vertices.into_iter().map(|v| v.0).collect(),
            counted,
            saturating: present,
            saturating_mol,
            origin_mol,
            slope_mol,
            system,
        })
    }

    /// Component amounts at a place, mol, for one pair of charges (of a square: of one cation pair); no water beyond
    /// what the ions bind.
    pub fn amounts_mol(&self, place: [f64; 2]) -> Vec<f64> {
        let [x, y] = place;
        let along = self.slope_mol[0].iter().zip(&self.slope_mol[1]);
        self.origin_mol
            .iter()
            .zip(along)
            // A corner that holds none of a component holds none of it, not a rounding error.
            .map(|(o, (dx, dy))| o + x * dx + y * dy)
            .map(|n| if n.abs() < 1e-13 { 0.0 } else { n })
            .collect()
    }

    /// Pairs of charges of each counted ion in component amounts.
    fn pairs(&self, amounts_mol: &[f64]) -> Vec<f64> {
        let mol = self.system.ions_in_mol(amounts_mol);
        let ions: Vec<&Ion> = self.system.ions().collect();
        self.counted
            .iter()
            .map(|&i| mol[i] / ions[i].pair())
            .collect()
    }

    /// The place of component amounts (a brine's or a solid's); `None` where they hold nothing that counts.
    pub fn place(&self, amounts_mol: &[f64]) -> Option<[f64; 2]> {
        let n = self.pairs(amounts_mol);
        let place = match self.shape {
            Shape::Point => [0.0, 0.0],
            Shape::Line => [n[1] / (n[0] + n[1]), 0.0],
            Shape::Triangle => {
                let sum: f64 = n.iter().sum();
                [n[1] / sum, n[2] / sum]
            }
            Shape::Square => [n[1] / (n[0] + n[1]), n[3] / (n[2] + n[3])],
        };
        place.iter().all(|v| v.is_finite()).then_some(place)
    }

    /// Moles of water for one counted pair of charges, when the amounts stand in a kilogram of water.
    pub fn water_mol_per_pair(&self, amounts_mol_kgw: &[f64]) -> f64 {
        let n = self.pairs(amounts_mol_kgw);
        let sum: f64 = match self.shape {
            Shape::Square => n[..2].iter().sum(),
            _ => n.iter().sum(),
        };
        MOLES_PER_KG / sum
    }
}

/// Component amounts of a salt for one pair of charges, and its formula.
fn salt(cation: &Ion, anion: &Ion) -> (String, Vec<f64>) {
    let (cation, anion) = if cation.charge > 0.0 {
        (cation, anion)
    } else {
        (anion, cation)
    };
    let mix = |(a, b): (&f64, &f64)| cation.pair() * a + anion.pair() * b;
    let amounts = cation
        .amounts_mol
        .iter()
        .zip(&anion.amounts_mol)
        .map(mix)
        .collect();
    (salt_name(cation, anion), amounts)
}

/// `NaCl`, `MgCl2`, `K2SO4`, `Ca(HCO3)2`.
pub fn salt_name(cation: &Ion, anion: &Ion) -> String {
    let (c, a) = (cation.charge.abs(), anion.charge.abs());
    let (nc, na) = if c == a { (1.0, 1.0) } else { (a, c) };
    let part = |ion: &Ion, n: f64| match (n, ion.name.chars().filter(|c| c.is_uppercase()).count())
    {
        (1.0, _) => ion.name.clone(),
        (n, 1) => format!("{}{n}", ion.name),
        (n, _) => format!("({}){n}", ion.name),
    };
    format!("{}{}", part(cation, nc), part(anion, na))
}

/// The cation and the anion of a solid made of just these (and water).
fn salt_ions(system: &System, mineral: MineralId, database: &Database) -> Option<(usize, usize)> {
    let (ions, _) = system.ions_of_solid(database, mineral)?;
    let there: Vec<usize> = (0..ions.len()).filter(|&i| ions[i].abs() > 1e-9).collect();
    let border = system.cations.len();
    match there[..] {
        [cation, anion] if cation < border && anion >= border => Some((cation, anion)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thermo::default_database;

    fn projection(text: &str, saturating: &str) -> Result<Projection, SystemError> {
        let database = default_database();
        let system = System::parse(text, &database).expect("a system");
        let all: Vec<MineralId> = (0..database.minerals.len()).collect();
        Projection::new(system, database.mineral(saturating), &all, &database)
    }

    #[test]
    fn the_quinary_over_halite_is_jaeneckes_triangle() {
        let p = projection("Na,K,Mg//Cl,SO4", "Halite").expect("it fits");
        assert_eq!(p.shape, Shape::Triangle);
        assert_eq!(p.corners, ["K2", "Mg", "SO4"]);
        assert_eq!(p.saturating.len(), 2); // halite and hydrohalite
        let database = default_database();
        let place = |name: &str| {
            let mut amounts = vec![0.0; database.components.len()];
            let mineral = database.mineral(name).expect("a mineral");
            for &(c, nu) in &database.minerals[mineral].dissolution {
                amounts[c] += nu;
            }
            p.place(&amounts)
        };
        // Kainite KMgClSO4: half a K2, one Mg, one SO4.
        let [x, y] = place("Kainite").expect("a place");
        assert!(
            (x - 0.4).abs() < 1e-12 && (y - 0.4).abs() < 1e-12,
            "{x} {y}"
        );
        assert_eq!(place("Halite"), None);
    }

    #[test]
    fn pairs_are_squares_and_amounts_come_back() {
        let p = projection("Na,Mg//Cl,SO4", "").expect("it fits");
        assert_eq!(
            (p.shape, p.corners.join(" ").as_str()),
            (Shape::Square, "NaCl MgCl2 Na2SO4 MgSO4")
        );
        let [x, y] = p.place(&p.amounts_mol([0.3, 0.8])).expect("a place");
        assert!((x - 0.3).abs() < 1e-12 && (y - 0.8).abs() < 1e-12);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let code = |text: &str, salt: &str| {
            use saltern_units::message::Message;
            projection(text, salt)
                .map(|p| p.corners)
                .map_err(|e| e.code())
        };
        assert_eq!(code("Na,K,Mg//Cl,SO4", ""), Err("diagram.wrong_size"));
        assert_eq!(
            code("Na,K//Cl,SO4", "Glaserite"),
            Err("diagram.bad_saturating")
        );
        assert_eq!(
            code("Na,K//Cl,SO4", "Bischofite"),
            Err("diagram.bad_saturating")
        );
        assert!(code("Na,K,Mg//Cl", "Halite").is_ok());
    }
}
