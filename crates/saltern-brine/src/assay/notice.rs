//! What a reader should know about an assay, without it being an error.

use saltern_units::message::{Catalogue, Fields, Lang, Message};

/// A remark on one assay.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// `assay.alkalinity_as_bicarbonate`: total carbon was not analysed and is taken as bicarbonate.
    AlkalinityTakenAsBicarbonate,
    /// `assay.balanced`: the residual charge was taken up by an ion.
    Balanced {
        /// The ion.
        ion: &'static str,
        /// Charge error before, %.
        percent: f64,
    },
    /// `assay.charge_error`: cations and anions differ by more than an analysis may.
    ChargeError {
        /// 100 (Σ⁺ − Σ⁻)/(Σ⁺ + Σ⁻), %.
        percent: f64,
        /// What is acceptable, %.
        limit_percent: f64,
    },
    /// `assay.unit_slip_small`, `assay.unit_slip_large`: the charges close when one component is a thousand times more or less.
    UnitSlip {
        /// Its name.
        name: &'static str,
        /// Whether the value is a thousand times too small (else too large).
        too_small: bool,
    },
    /// `assay.not_analysed`: the charges don't close, and a common ion was not looked for.
    NotAnalysed {
        /// The ion.
        name: &'static str,
        /// How much of it would close the charge, g per kg of brine.
        closing_g_kg: f64,
        /// Charge error, %.
        percent: f64,
    },
    /// `assay.same_analysis`: every figure is that of another brine of the table.
    SameAnalysis {
        /// Its id.
        id: String,
    },
    /// `assay.same_density`: the density of another brine to the last digit, though one holds far more salt.
    SameDensity {
        /// Id of the other.
        id: String,
        /// The density, kg/m³.
        density_kg_m3: f64,
        /// Dissolved matter of this brine, g/kg.
        salts_g_kg: f64,
        /// Dissolved matter of the other, g/kg.
        other_salts_g_kg: f64,
    },
    /// `assay.exactly_saturated`: in equilibrium with more solids at once, and more closely, than an analysis shows.
    ExactlySaturated {
        /// Their names.
        minerals: Vec<String>,
    },
    /// `assay.hydroxide`, `assay.hydroxide_of_balance`: a pH at which a metal is in hydroxide complexes.
    Hydroxide {
        /// The metal.
        metal: String,
        /// Its share in hydroxide complexes, %.
        percent: f64,
        /// pH, unscaled Pitzer.
        ph: f64,
        /// Whether the pH was measured (else it came from the charge balance).
        measured: bool,
    },
    /// `assay.one_sided`: no anion or no cation was analysed.
    OneSided {
        /// Whether it is the anions that are missing.
        anions_missing: bool,
    },
    /// `assay.density_differs`: the given density does not fit the composition.
    DensityDiffers {
        /// Given, kg/m³.
        given_kg_m3: f64,
        /// The model's, kg/m³.
        model_kg_m3: f64,
    },
    /// `assay.supersaturated`: a solution that would not have kept this much dissolved.
    Supersaturated {
        /// Mineral.
        mineral: String,
        /// log10(IAP/K).
        saturation_index: f64,
    },
    /// `assay.unusual_ratio`: two components in a proportion no natural brine is known for.
    UnusualRatio {
        /// The one there is too much of.
        much: &'static str,
        /// The one it is compared with.
        of: &'static str,
        /// Mass ratio found.
        ratio: f64,
        /// Highest usual mass ratio.
        usual: f64,
    },
    /// `assay.dilute`: so little dissolved that a unit slip is likelier than a brine.
    Dilute {
        /// Dissolved matter, g per kg of brine.
        salts_g_kg: f64,
    },
    /// `assay.concentrated`: stronger than the activity model is meant for.
    Concentrated {
        /// Ionic strength, mol/kgw.
        ionic_strength_mol_kgw: f64,
        /// Where the model's range ends, mol/kgw.
        limit_mol_kgw: f64,
    },
}

impl Message for Notice {
    fn code(&self) -> &'static str {
        match self {
            Notice::AlkalinityTakenAsBicarbonate => "assay.alkalinity_as_bicarbonate",
            Notice::Balanced { .. } => "assay.balanced",
            Notice::ChargeError { .. } => "assay.charge_error",
            Notice::OneSided {
                anions_missing: true,
            } => "assay.no_anions",
            Notice::OneSided {
                anions_missing: false,
            } => "assay.no_cations",
            Notice::UnitSlip {
                too_small: true, ..
            } => "assay.unit_slip_small",
            Notice::UnitSlip {
                too_small: false, ..
            } => "assay.unit_slip_large",
            Notice::NotAnalysed { .. } => "assay.not_analysed",
            Notice::SameAnalysis { .. } => "assay.same_analysis",
            Notice::SameDensity { .. } => "assay.same_density",
            Notice::ExactlySaturated { .. } => "assay.exactly_saturated",
            Notice::Hydroxide { measured: true, .. } => "assay.hydroxide",
            Notice::Hydroxide {
                measured: false, ..
            } => "assay.hydroxide_of_balance",
            Notice::DensityDiffers { .. } => "assay.density_differs",
            Notice::Supersaturated { .. } => "assay.supersaturated",
            Notice::UnusualRatio { .. } => "assay.unusual_ratio",
            Notice::Dilute { .. } => "assay.dilute",
            Notice::Concentrated { .. } => "assay.concentrated",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        match self {
            Notice::AlkalinityTakenAsBicarbonate | Notice::OneSided { .. } => Vec::new(),
            Notice::Balanced { ion, percent } => {
                vec![
                    ("ion", ion.to_string()),
                    ("percent", format!("{percent:+.1}")),
                ]
            }
            Notice::ChargeError {
                percent,
                limit_percent,
            } => {
                vec![
                    ("percent", format!("{percent:+.1}")),
                    ("limit", format!("{limit_percent}")),
                ]
            }
            Notice::UnitSlip { name, .. } => vec![("name", name.to_string())],
            Notice::NotAnalysed {
                name,
                closing_g_kg,
                percent,
            } => vec![
                ("name", name.to_string()),
                ("closing", format!("{closing_g_kg:.3}")),
                ("percent", format!("{percent:+.1}")),
            ],
            Notice::SameAnalysis { id } => vec![("id", id.clone())],
            Notice::SameDensity {
                id,
                density_kg_m3,
                salts_g_kg,
                other_salts_g_kg,
            } => vec![
                ("id", id.clone()),
                ("density", format!("{density_kg_m3}")),
                ("salts", format!("{salts_g_kg:.0}")),
                ("other", format!("{other_salts_g_kg:.0}")),
            ],
            Notice::ExactlySaturated { minerals } => vec![("minerals", lang.list(minerals))],
            Notice::Hydroxide {
                metal, percent, ph, ..
            } => vec![
                ("metal", metal.clone()),
                ("percent", format!("{percent:.0}")),
                ("ph", format!("{ph:.1}")),
            ],
            Notice::DensityDiffers {
                given_kg_m3,
                model_kg_m3,
            } => vec![
                ("given", format!("{given_kg_m3:.0}")),
                ("model", format!("{model_kg_m3:.0}")),
                (
                    "percent",
                    format!("{:+.1}", 100.0 * (given_kg_m3 / model_kg_m3 - 1.0)),
                ),
            ],
            Notice::Supersaturated {
                mineral,
                saturation_index,
            } => {
                vec![
                    ("mineral", mineral.clone()),
                    ("si", format!("{saturation_index:+.2}")),
                ]
            }
            Notice::UnusualRatio {
                much,
                of,
                ratio,
                usual,
            } => vec![
                ("much", much.to_string()),
                ("of", of.to_string()),
                ("ratio", format!("{ratio:.3}")),
                ("usual", format!("{usual}")),
            ],
            Notice::Dilute { salts_g_kg } => vec![("salts", format!("{salts_g_kg:.3}"))],
            Notice::Concentrated {
                ionic_strength_mol_kgw,
                limit_mol_kgw,
            } => vec![
                ("strength", format!("{ionic_strength_mol_kgw:.1}")),
                ("limit", format!("{limit_mol_kgw}")),
            ],
        }
    }

    fn catalogue(&self) -> &'static Catalogue {
        super::catalogue()
    }
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}
