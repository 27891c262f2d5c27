//! Where no liquid is left: the solids alone, as a linear program.
//!
//! Without a liquid the Gibbs energy is linear in the amounts of solids: minimise Σ n_s μ_s subject to
//! Σ_s ν_sc n_s + r_c = b_c, n ≥ 0, with μ_s/RT = ln K_s (standard potentials of the components zero).
//! r_c is what no solid can hold; it is priced far above any solid, by equivalents, so that a residue
//! appears only where it must. The dual of the water row is ln a_w over the solids.

use crate::network::Network;
use saltern_numerics::simplex::{SimplexError, minimise};

/// Price of residue per equivalent, in RT: above any ln K of a salt.
const RESIDUE_PRICE: f64 = 1e5;

/// The dry assemblage.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Assemblage {
    /// Amount of each mineral of the network (scaled mol).
    pub(crate) solids: Vec<f64>,
    /// Component amounts that no solid can hold (scaled mol).
    pub(crate) residue: Vec<f64>,
    /// Water activity over the solids; 0 where the solids do not fix one.
    pub(crate) water_activity: f64,
}

/// The most stable solids that hold totals `b` without liquid.
pub(crate) fn dry_assemblage(network: &Network, b: &[f64]) -> Result<Assemblage, SimplexError> {
    let (rows, minerals) = (network.component_count(), network.minerals.len());
    let columns = minerals + rows;
    let mut a = vec![0.0; rows * columns];
    let mut cost = vec![0.0; columns];
    let sign = |c: usize| if b[c] < 0.0 { -1.0 } else { 1.0 };
    for s in 0..minerals {
        for (c, nu) in network.dissolution_of(s).iter().enumerate() {
            a[c * columns + s] = sign(c) * nu;
        }
        // An expensive column is never chosen: dearer than the residue it would save.
        let atoms: f64 = network.dissolution_of(s).iter().map(|nu| nu.abs()).sum();
        cost[s] = if network.out_of_reach[s] {
            4.0 * RESIDUE_PRICE * atoms
        } else {
            network.mineral_ln_k[s]
        };
    }
    for c in 0..rows {
        a[c * columns + minerals + c] = 1.0;
        cost[minerals + c] = RESIDUE_PRICE * network.component_charge[c].abs().max(1.0);
    }
    let rhs: Vec<f64> = b.iter().map(|v| v.abs()).collect();
    let optimum = minimise(&a, &rhs, &cost)?;
    let ln_water = optimum.duals[0] * sign(0);
    Ok(Assemblage {
        solids: optimum.x[..minerals].to_vec(),
        residue: optimum.x[minerals..]
            .iter()
            .enumerate()
            .map(|(c, r)| r * sign(c))
            .collect(),
        water_activity: if ln_water.abs() < 0.5 * RESIDUE_PRICE {
            ln_water.min(0.0).exp()
        } else {
            0.0
        },
    })
}
