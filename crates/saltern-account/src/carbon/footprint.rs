//! Footprints: amounts times factors, by activity, flow and scope, direct and life-cycle sums apart.

use super::factor::{Factor, Factors, Gas, Scopes};
use super::notice::Notice;
use crate::error::{AccountError, Named};
use crate::measure::Basis;
use saltern_units::Lang;
use saltern_units::table::Table;

/// kg CO2(e) counted with direct factors.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct KgDirect(pub f64);

/// kg CO2(e) counted with life-cycle factors. Never add to [`KgDirect`] without saying so.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct KgLifeCycle(pub f64);

/// What a footprint is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Total {
    /// Direct emissions.
    Direct(KgDirect),
    /// A life-cycle result.
    LifeCycle(KgLifeCycle),
    /// Neither: a sum of both.
    Mixed {
        /// Part counted with direct factors.
        direct: KgDirect,
        /// Part counted with life-cycle factors.
        life_cycle: KgLifeCycle,
    },
}

impl Total {
    /// The figure, whatever it means.
    pub fn kg(self) -> f64 {
        match self {
            Total::Direct(KgDirect(kg)) | Total::LifeCycle(KgLifeCycle(kg)) => kg,
            Total::Mixed { direct, life_cycle } => direct.0 + life_cycle.0,
        }
    }

    /// `direct`, `life-cycle` or `mixed`, as tables label it.
    pub fn kind(self) -> &'static str {
        match self {
            Total::Direct(_) => "direct",
            Total::LifeCycle(_) => "life-cycle",
            Total::Mixed { .. } => "mixed",
        }
    }

    /// In words.
    pub fn text(self, lang: Lang) -> &'static str {
        let (en, zh) = match self {
            Total::Direct(_) => ("direct emissions", "直接排放"),
            Total::LifeCycle(_) => (
                "life-cycle footprint, cradle to gate",
                "生命周期碳足迹（摇篮到大门）",
            ),
            Total::Mixed { .. } => (
                "mixed sum of direct and life-cycle factors: no footprint",
                "直接排放因子与生命周期因子混合之和：不是碳足迹",
            ),
        };
        lang.pick(en, zh)
    }
}

/// Something used: by whom, what, how much.
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    /// Activity, node or product it is used by.
    pub by: String,
    /// What is used: a flow of an inventory, a carrier of a base.
    pub what: String,
    /// Amount in base units (kg, m³, J).
    pub amount: f64,
    /// Its base units.
    pub basis: Basis,
    /// `energy`, `reagent`, …
    pub group: String,
    /// Whether a footprint without a factor for it lacks something.
    pub needs_factor: bool,
}

/// Which factor is taken for what.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// What is used.
    pub what: String,
    /// Id of the factor.
    pub factor: String,
    /// Only where used by this one; everywhere if `None`.
    pub by: Option<String>,
    /// The factor counts this use within another one's figure, so it adds nothing here and nothing is missing.
    pub within: bool,
}

impl Choice {
    /// A factor for every use of something.
    pub fn of(what: &str, factor: &str) -> Choice {
        Choice {
            what: what.into(),
            factor: factor.into(),
            by: None,
            within: false,
        }
    }

    /// Reads a table of choices: `what`, `factor`, and if wanted `by` and `counted` (`each`, or `within` where the factor is
    /// counted on something else and covers this use too).
    ///
    /// # Errors
    /// What is wrong, with its place.
    pub fn read(file: &str, text: &str) -> Result<Vec<Choice>, AccountError> {
        let table = Table::read(file, text)?;
        let (what, factor) = (table.column("what")?, table.column("factor")?);
        let (by, counted) = (table.find("by"), table.find("counted"));
        let optional = |row, column: Option<usize>| {
            column
                .map(|c| table.cell(row, c))
                .filter(|cell| !cell.is_blank())
        };
        table
            .rows
            .iter()
            .map(|row| {
                let within = match optional(row, counted) {
                    Some(cell) => cell.choice(&["each", "within"])? == 1,
                    None => false,
                };
                Ok(Choice {
                    what: table.cell(row, what).text()?.into(),
                    factor: table.cell(row, factor).text()?.into(),
                    by: optional(row, by).map(|cell| cell.raw().into()),
                    within,
                })
            })
            .collect()
    }
}

/// What one use comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Activity, node or product.
    pub by: String,
    /// What is used.
    pub what: String,
    /// Its group.
    pub group: String,
    /// Amount in base units.
    pub amount: f64,
    /// Index of the factor in [`Footprint::factors`].
    pub factor: usize,
    /// kg CO2(e).
    pub kg: f64,
}

/// CO2(e) of a demand, cradle to gate.
#[derive(Clone, Debug, PartialEq)]
pub struct Footprint {
    /// Sum, and what it is a sum of.
    pub total: Total,
    /// Every use that has a factor.
    pub lines: Vec<Line>,
    /// Factors used.
    pub factors: Vec<Factor>,
    /// What should have a factor and has none.
    pub without_factor: Vec<String>,
}

/// Counts uses with the factors chosen for them. The first choice that fits a use counts; one bound to a user comes before
/// one that holds everywhere.
///
/// # Errors
/// [`AccountError::UnknownName`] for a factor or a use that doesn't exist, [`AccountError::UnitOf`] where a factor is per
/// something else than the use is counted in.
pub fn footprint(
    uses: &[Use],
    factors: &Factors,
    choices: &[Choice],
) -> Result<Footprint, AccountError> {
    let mut result = Footprint {
        total: Total::Direct(KgDirect(0.0)),
        lines: Vec::new(),
        factors: Vec::new(),
        without_factor: Vec::new(),
    };
    for choice in choices {
        refuse_unknown(choice, uses, factors)?;
    }
    for used in uses {
        let fits =
            |c: &&Choice| c.what == used.what && c.by.as_ref().is_none_or(|by| *by == used.by);
        let mut fitting: Vec<&Choice> = choices.iter().filter(fits).collect();
        fitting.sort_by_key(|choice| choice.by.is_none());
        let chosen = fitting.first();
        if chosen.is_some_and(|choice| choice.within) {
            continue;
        }
        match chosen.and_then(|choice| factors.find(&choice.factor)) {
            Some(factor) => result.count(used, factor)?,
            None if used.needs_factor && !result.without_factor.contains(&used.what) => {
                result.without_factor.push(used.what.clone());
            }
            None => {}
        }
    }
    result.sum();
    Ok(result)
}

fn refuse_unknown(choice: &Choice, uses: &[Use], factors: &Factors) -> Result<(), AccountError> {
    if factors.find(&choice.factor).is_none() {
        return Err(AccountError::UnknownName {
            named: Named::Factor,
            name: choice.factor.clone(),
            known: factors.all.iter().map(|f| f.terms().id.clone()).collect(),
        });
    }
    if uses.iter().any(|u| u.what == choice.what) {
        return Ok(());
    }
    let mut known: Vec<String> = uses.iter().map(|u| u.what.clone()).collect();
    known.sort_unstable();
    known.dedup();
    Err(AccountError::UnknownName {
        named: Named::Exchange,
        name: choice.what.clone(),
        known,
    })
}

impl Footprint {
    fn count(&mut self, used: &Use, factor: &Factor) -> Result<(), AccountError> {
        let terms = factor.terms();
        if terms.per != used.basis {
            return Err(AccountError::UnitOf {
                id: used.what.clone(),
                unit: used.basis.text(),
                accepted: terms.per.text(),
            }
            .at(terms.place.clone()));
        }
        let known = self.factors.iter().position(|f| f.terms().id == terms.id);
        let index = known.unwrap_or_else(|| {
            self.factors.push(factor.clone());
            self.factors.len() - 1
        });
        self.lines.push(Line {
            by: used.by.clone(),
            what: used.what.clone(),
            group: used.group.clone(),
            amount: used.amount,
            factor: index,
            kg: used.amount * terms.kg_per_unit,
        });
        Ok(())
    }

    fn sum(&mut self) {
        let of = |direct: bool| {
            let mut lines = self
                .lines
                .iter()
                .filter(|l| matches!(self.factors[l.factor], Factor::Direct(_)) == direct)
                .peekable();
            lines
                .peek()
                .is_some()
                .then(|| lines.map(|l| l.kg).sum::<f64>())
        };
        self.total = match (of(true), of(false)) {
            (Some(direct), Some(life_cycle)) => Total::Mixed {
                direct: KgDirect(direct),
                life_cycle: KgLifeCycle(life_cycle),
            },
            (None, Some(life_cycle)) => Total::LifeCycle(KgLifeCycle(life_cycle)),
            (direct, None) => Total::Direct(KgDirect(direct.unwrap_or(0.0))),
        };
    }

    /// Sums by scope, in order; scopes that a factor does not take apart stay together.
    pub fn by_scope(&self) -> Vec<(Scopes, f64)> {
        let mut sums = self.grouped(|line| self.factors[line.factor].terms().scopes);
        sums.sort_by_key(|(scopes, _)| scopes.text());
        sums
    }

    /// Sums by user.
    pub fn by_user(&self) -> Vec<(String, f64)> {
        self.grouped(|line| line.by.clone())
    }

    /// Sums by what is used.
    pub fn by_use(&self) -> Vec<(String, f64)> {
        self.grouped(|line| line.what.clone())
    }

    fn grouped<K: Ord>(&self, key: impl Fn(&Line) -> K) -> Vec<(K, f64)> {
        let mut sums = std::collections::BTreeMap::new();
        for line in &self.lines {
            *sums.entry(key(line)).or_insert(0.0) += line.kg;
        }
        sums.into_iter().collect()
    }

    /// What a reader must know beside the figure.
    pub fn notices(&self) -> Vec<Notice> {
        let mut notices = Vec::new();
        let ids = |direct: bool| -> Vec<String> {
            let of_kind = self
                .factors
                .iter()
                .filter(|f| matches!(f, Factor::Direct(_)) == direct);
            of_kind.map(|f| f.terms().id.clone()).collect()
        };
        if matches!(self.total, Total::Mixed { .. }) {
            notices.push(Notice::Mixed {
                direct: ids(true),
                life_cycle: ids(false),
            });
        }
        if !self.without_factor.is_empty() {
            notices.push(Notice::NoFactor {
                flows: self.without_factor.clone(),
            });
        }
        let all_gases = self.factors.iter().any(|f| f.terms().gas == Gas::Co2e);
        for factor in self
            .factors
            .iter()
            .filter(|f| all_gases && f.terms().gas == Gas::Co2)
        {
            notices.push(Notice::Co2Only {
                factor: factor.terms().id.clone(),
            });
        }
        let years: Vec<u16> = self.factors.iter().filter_map(|f| f.terms().year).collect();
        if let (Some(&from), Some(&to)) = (years.iter().min(), years.iter().max())
            && from != to
        {
            notices.push(Notice::YearsApart { from, to });
        }
        notices
    }
}
