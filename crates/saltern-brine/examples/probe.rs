//! x
use saltern_brine::equilibrium::{Protons, Solver};
use saltern_brine::phases;
use saltern_brine::thermo::default_database;
use saltern_brine::water::MOLES_PER_KG;
fn main() {
    let db = default_database();
    let what = std::env::args().nth(1).unwrap();
    let n: usize = std::env::args()
        .nth(2)
        .and_then(|v| v.parse().ok())
        .unwrap_or(1);
    let set = |list: &[(&str, f64)]| {
        let mut a = vec![0.0; db.components.len()];
        a[0] = MOLES_PER_KG;
        for (e, m) in list {
            a[db.component_of_element(e).unwrap()] = *m;
        }
        a
    };
    let sea = set(&[
        ("Na", 0.486),
        ("K", 0.0106),
        ("Mg", 0.0547),
        ("Ca", 0.0107),
        ("Cl", 0.566),
        ("S", 0.0293),
        ("C", 0.0021),
    ]);
    let chl = set(&[
        ("Na", 1.6),
        ("K", 0.5),
        ("Mg", 2.9),
        ("Ca", 0.005),
        ("Cl", 7.71),
        ("S", 0.1),
    ]);
    let twelve: Vec<_> = [
        "Halite",
        "Sylvite",
        "Carnallite",
        "Bischofite",
        "Epsomite",
        "Hexahydrite",
        "Kainite",
        "Gypsum",
        "Anhydrite",
        "Mirabilite",
        "Thenardite",
        "Glauberite",
    ]
    .iter()
    .filter_map(|n| db.mineral(n))
    .collect();
    let stable = phases::stable(&db);
    let warm = |allowed: &[usize], a: &[f64], w: f64| {
        let mut s = Solver::new(&db, allowed);
        let mut t = a.to_vec();
        let f = s.equilibrate(&t, 298.15, None).unwrap();
        t[0] = MOLES_PER_KG * w;
        let mut st = s.equilibrate(&t, 298.15, Some(&f)).unwrap();
        let mut it = 0;
        for k in 0..n {
            t[0] = MOLES_PER_KG * if k % 2 == 0 { 0.97 * w } else { w };
            s.update(&t, 298.15, &mut st).unwrap();
            it += st.report.iterations;
        }
        println!(
            "{} it {:?} {:.3}",
            it as f64 / n as f64,
            st.report,
            st.ionic_strength_mol_kgw
        );
    };
    match what.as_str() {
        "speciate" => {
            let mut s = Solver::new(&db, &[]);
            let mut w = sea.clone();
            let mut out = None;
            for _ in 0..n {
                w.copy_from_slice(&sea);
                out = s.speciate(&mut w, 298.15, Protons::Electroneutral).ok();
            }
            println!("{:?}", out.map(|o| (o.report, o.ph())));
        }
        "warm12" => warm(&twelve, &chl, 0.45),
        "warm40" => warm(&stable[..40], &sea, 0.012),
        "cold12" => {
            let mut s = Solver::new(&db, &twelve);
            let mut t = chl.clone();
            t[0] *= 0.6;
            let mut r = None;
            for _ in 0..n {
                r = s.equilibrate(&t, 298.15, None).ok();
            }
            println!("{:?}", r.map(|o| o.report));
        }
        _ => {}
    }
}
