//! Tonnes of product, where mixing the basis is the classic mistake: potash counted as KCl or as
//! K2O, lithium as the metal or as carbonate equivalent (LCE).
//!
//! Factors follow from the standard atomic masses (IUPAC 2021 abridged): K 39.0983, Cl 35.45,
//! O 15.999, Li 6.94, C 12.011 g/mol.

const K: f64 = 39.0983;
const CL: f64 = 35.45;
const O: f64 = 15.999;
const LI: f64 = 6.94;
const C: f64 = 12.011;

/// Tonnes of K2O that a tonne of KCl stands for: 0.6318.
pub const K2O_PER_KCL: f64 = (2.0 * K + O) / (2.0 * (K + CL));
/// Tonnes of K2O that a tonne of potassium stands for: 1.2046.
pub const K2O_PER_K: f64 = (2.0 * K + O) / (2.0 * K);
/// Tonnes of lithium carbonate (LCE) that a tonne of lithium makes: 5.323.
pub const LCE_PER_LI: f64 = (2.0 * LI + C + 3.0 * O) / (2.0 * LI);

/// Tonnes of KCl.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct TonnesKcl(pub f64);

/// Tonnes of K2O equivalent. Never add to [`TonnesKcl`]: convert first.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct TonnesK2o(pub f64);

/// Tonnes of lithium.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct TonnesLi(pub f64);

/// Tonnes of lithium carbonate equivalent. Never add to [`TonnesLi`]: convert first.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct TonnesLce(pub f64);

impl From<TonnesKcl> for TonnesK2o {
    fn from(kcl: TonnesKcl) -> Self {
        TonnesK2o(kcl.0 * K2O_PER_KCL)
    }
}

impl From<TonnesK2o> for TonnesKcl {
    fn from(k2o: TonnesK2o) -> Self {
        TonnesKcl(k2o.0 / K2O_PER_KCL)
    }
}

impl From<TonnesLi> for TonnesLce {
    fn from(li: TonnesLi) -> Self {
        TonnesLce(li.0 * LCE_PER_LI)
    }
}

impl From<TonnesLce> for TonnesLi {
    fn from(lce: TonnesLce) -> Self {
        TonnesLi(lce.0 / LCE_PER_LI)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The trade's factors: 1 t KCl = 0.6317 t K2O (fertilizer tables), 1 t Li = 5.323 t LCE.
    #[test]
    fn factors_are_those_of_the_trade() {
        assert!((TonnesK2o::from(TonnesKcl(1.0)).0 - 0.6317).abs() < 1e-4);
        assert!((TonnesLce::from(TonnesLi(1.0)).0 - 5.323).abs() < 1e-3);
        assert!((TonnesKcl::from(TonnesK2o::from(TonnesKcl(7.0))).0 - 7.0).abs() < 1e-12);
        assert!((TonnesLi::from(TonnesLce::from(TonnesLi(7.0))).0 - 7.0).abs() < 1e-12);
    }
}
