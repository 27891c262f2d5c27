//! The command line as people type it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use saltern_units::Lang;

/// The digital salt lake: brine chemistry, and a year of a salt lake's ponds.
#[derive(Parser, Debug)]
#[command(
    name = "saltern",
    version,
    arg_required_else_help = true,
    after_help = "Examples:\n  \
        saltern simulate examples/qarhan -o runs/qarhan\n  \
        saltern brine properties assays.csv -o properties.csv\n  \
        saltern brine solubility --salts Halite+Sylvite --temperature \"25 degC\"\n\n\
        Data goes to stdout, talk to stderr. Exit codes: 0 done, 1 the job failed, 2 the input is wrong."
)]
pub(crate) struct Cli {
    /// Language of messages and reports
    #[arg(
        long,
        value_enum,
        default_value = "en",
        global = true,
        value_name = "en|zh"
    )]
    pub(crate) lang: Language,
    /// What to do
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// Languages that the program speaks.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Language {
    /// English
    En,
    /// 简体中文
    Zh,
}

impl From<Language> for Lang {
    fn from(language: Language) -> Lang {
        match language {
            Language::En => Lang::En,
            Language::Zh => Lang::Zh,
        }
    }
}

/// What to do.
#[derive(Subcommand, Debug)]
pub(crate) enum Verb {
    /// Brine chemistry of an assay table
    #[command(subcommand)]
    Brine(BrineVerb),
    /// March a base's ponds through weather and write a run folder with a report
    Simulate(SimulateArgs),
    /// The steady state of a base's plants: streams, heats, recycles, design specs
    Plant(PlantArgs),
    /// Fit settings of a plant to test runs: estimates, bands of recovery and grade, what to measure next
    Fit(PilotArgs),
    /// What a base should do: dispatch of power, heat, hydrogen and computing; production of ponds and plants
    Plan(PlanArgs),
    /// What the ponds hold today and what they lose, from levels, densities, assays and flows
    Estimate(EstimateArgs),
    /// Set runs side by side
    Compare(CompareArgs),
    /// Write the report of a run again, in either language
    Report(ReportArgs),
    /// Export the tables of a run for spreadsheets
    Export(ExportArgs),
    /// Where every tonne, cubic metre, kilowatt-hour and kilogram of CO2 of a run went, and how good that was
    Account(AccountArgs),
    /// Make measured flows close, test the meters, find gross errors and leaks
    Reconcile(ReconcileArgs),
    /// Operate a base: samples, alarms, pages and an API on one server
    Serve(ServeArgs),
    /// Copy what a server keeps, while it works or while it rests
    Backup(BackupArgs),
    /// Put a back-up in place of lost data
    Restore(RestoreArgs),
    /// Print the description of the server's API (OpenAPI), from which clients are generated
    Api,
    /// Check a base folder
    #[command(subcommand)]
    Base(BaseVerb),
    /// Every attribute of a base folder: unit, range, default and meaning
    Reference,
}

/// What to do with a brine.
#[derive(Subcommand, Debug)]
pub(crate) enum BrineVerb {
    /// Charge balance, density against the model, suspect values
    Check(CheckArgs),
    /// Activity, density, viscosity, heat, boiling and freezing, saturation indices of each brine as it is
    Properties(PropertiesArgs),
    /// Let each brine come to equilibrium with the solids that may form
    Equilibrate(EquilibrateArgs),
    /// Evaporate one brine step by step
    Evaporate(EvaporateArgs),
    /// The species of each brine, one a row
    Speciate(SpeciateArgs),
    /// Heat or cool one brine step by step
    Temperature(TemperatureArgs),
    /// Mix brines in all proportions
    Mix(MixArgs),
    /// Dissolve a salt in a brine until it stays
    Dissolve(DissolveArgs),
    /// Add a reagent to a brine: lime, soda ash, acid
    Add(AddArgs),
    /// How much water decomposes a double salt, and what is left
    Decompose(DecomposeArgs),
    /// Saturate water with salts
    Solubility(SolubilityArgs),
    /// Invariant points of a system: every brine with as many solids as it can have
    Invariant(InvariantArgs),
    /// Compute and draw phase diagrams: SVG with the numbers beside it
    Diagram(DiagramArgs),
    /// What a thermodynamic database holds, its ranges, sources and gaps
    Database(DatabaseArgs),
    /// Fit parameters to measurements; the result layers on a database
    Fit(FitArgs),
}

/// Options of every brine command.
#[derive(Args, Debug, Clone)]
pub(crate) struct Chemistry {
    /// Thermodynamic database: "default" or a PHREEQC Pitzer .dat file, and any layers on it: default+LAYER.csv
    #[arg(long, value_name = "NAME|FILE[+LAYER]", default_value = "default")]
    pub(crate) database: String,
    /// Solids that may form: "stable", "metastable", "reagent" (stable with hydroxides) or a list "A,B,C" (a name that holds a comma is quoted)
    #[arg(long, value_name = "LIST", default_value = "stable")]
    pub(crate) phases: String,
    /// Solids left out of the list: "A,B"
    #[arg(long, value_name = "LIST", default_value = "")]
    pub(crate) suppress: String,
    /// Write to this file instead of stdout; it appears whole or not at all
    #[arg(short, long, value_name = "OUT.csv")]
    pub(crate) output: Option<PathBuf>,
    /// Threads; results don't depend on it [default: RAYON_NUM_THREADS, else all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) threads: Option<u16>,
}

/// An assay table and how its charges are balanced.
#[derive(Args, Debug, Clone)]
pub(crate) struct Assays {
    /// Assay table
    #[arg(
        value_name = "ASSAYS.csv",
        help = "Assay table, CSV or XLSX: columns id, temperature [degC] and NAME [UNIT] for each component"
    )]
    pub(crate) assays: PathBuf,
    /// What takes up the residual charge of an analysis: "none", "pH", or an ion such as Cl
    #[arg(long, value_name = "none|pH|ION", default_value = "none")]
    pub(crate) balance: String,
}

const ASSAY_HELP: &str = "Assay table: one brine a row, UTF-8 CSV or XLSX.\n  \
    id, temperature [degC]           needed\n  \
    density [g/cm3], pH              if measured\n  \
    Na K Mg Ca Li Rb Cs Sr Cl Br SO4 HCO3 CO3 alkalinity C B B2O3 H3BO3 NO3\n                                   \
    each headed NAME [UNIT], UNIT one of mol/kgw mmol/kgw g/L mg/L g/kg mg/kg wt% ppm\n  \
    Blank means not analysed. C is total dissolved inorganic carbon (mass units: mass of carbon);\n  \
    mass units of alkalinity count it as CaCO3. pH is on the unscaled Pitzer scale.";

/// `brine check`.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "Examples:\n  saltern brine check assays.csv\n  saltern brine check assays.csv --balance pH\n\n\
     Looked at: charge balance (with the ion that nobody analysed, or that is off by 1000, where one would close it),\n\
     density against the model, supersaturation, odd ratios, a pH that turns a metal into hydroxide, strength; and over\n\
     the whole table, figures copied from one brine to another. --balance pH lets brines with C or B and no pH be\n\
     looked at; a pH that was measured stays, and what hangs on one that was not is passed over.\n\n{ASSAY_HELP}"
))]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) assays: Assays,
    #[command(flatten)]
    pub(crate) chemistry: Chemistry,
}

/// One brine of an assay table.
#[derive(Args, Debug, Clone)]
pub(crate) struct OneAssay {
    #[command(flatten)]
    pub(crate) table: Assays,
    /// Which brine of the table
    #[arg(long, value_name = "ID")]
    pub(crate) id: String,
}

/// `brine properties`.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "Examples:\n  saltern brine properties assays.csv\n  \
     saltern brine properties assays.csv --pressure \"70 kPa\"\n  \
     saltern brine properties assays.csv --database pitzer.dat --balance pH -o properties.csv\n\n\
     Enthalpy is per kg of brine; zero are liquid water at its triple point and dissolved ions at infinite dilution and\n\
     0 degC. The first solid is the first of --phases to saturate on cooling, down to -20 degC; where the brine is\n\
     supersaturated already, the most supersaturated, at the brine's temperature.\n\n{ASSAY_HELP}"
))]
pub(crate) struct PropertiesArgs {
    #[command(flatten)]
    pub(crate) assays: Assays,
    /// Pressure that the boiling point is for: "70 kPa" at 3000 m
    #[arg(
        long,
        value_name = "PRESSURE",
        default_value = "101.325 kPa",
        allow_hyphen_values = true
    )]
    pub(crate) pressure: String,
    #[command(flatten)]
    pub(crate) chemistry: Chemistry,
}

/// `brine equilibrate`.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "Examples:\n  saltern brine equilibrate assays.csv --phases metastable\n  \
     saltern brine equilibrate assays.csv --remove-water \"0.5 kg/kgw\" --phases Halite,Sylvite,Carnallite\n\n{ASSAY_HELP}"
))]
pub(crate) struct EquilibrateArgs {
    #[command(flatten)]
    pub(crate) assays: Assays,
    /// Water taken away before equilibrium, per kg of water in the brine: "0.5 kg/kgw"
    #[arg(
        long,
        value_name = "AMOUNT",
        default_value = "0 kg/kgw",
        allow_hyphen_values = true
    )]
    pub(crate) remove_water: String,
    #[command(flatten)]
    pub(crate) chemistry: Chemistry,
}

/// `brine evaporate`.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "Examples:\n  saltern brine evaporate assays.csv --id feed --phases metastable -o path.csv\n  \
     saltern brine evaporate assays.csv --id feed --mode fractional --until Carnallite\n  \
     saltern brine evaporate assays.csv --id feed --until \"water 5 %\" --steps 300\n\n{ASSAY_HELP}"
))]
pub(crate) struct EvaporateArgs {
    #[command(flatten)]
    pub(crate) assay: OneAssay,
    /// equilibrium: solids stay and may dissolve again; fractional: they are taken out after each step
    #[arg(long, value_enum, default_value = "equilibrium")]
    pub(crate) mode: Mode,
    /// Where to stop: "dry", the first appearance of a mineral, a share of the initial water, "water 5 %", or "water_activity 0.7"
    #[arg(long, value_name = "END", default_value = "dry")]
    pub(crate) until: String,
    /// Steps; each removes the same fraction of the liquid water present
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) steps: u32,
    #[command(flatten)]
    pub(crate) chemistry: Chemistry,
}

/// What happens to solids during evaporation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// They stay and may dissolve again
    Equilibrium,
    /// They are taken out after each step
    Fractional,
}

/// `brine speciate`.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "Example:\n  saltern brine speciate assays.csv --balance pH -o species.csv\n\n\
     One row a species: molality, activity coefficient (unscaled Pitzer), activity, and its share of the element or\n\
     group that it carries. Nothing precipitates.\n\n{ASSAY_HELP}"
))]
pub(crate) struct SpeciateArgs {
    #[command(flatten)]
    pub(crate) assays: Assays,
    #[command(flatten)]
    pub(crate) chemistry: Chemistry,
}

/// `brine temperature`.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "Examples:\n  saltern brine temperature assays.csv --id feed --to \"-10 degC\"\n  \
     saltern brine temperature assays.csv --id feed --to \"0 degC\" --until solid\n  \
     saltern brine temperature assays.csv --id feed --to \"60 degC\" --mode fractional --steps 35\n\n\
     Row 0 is the brine in equilibrium at its own temperature. Where each solid first appears is said on stderr;\n\
     --until solid (or a mineral) ends the table there.\n\n{ASSAY_HELP}"
))]
pub(crate) struct TemperatureArgs {
    #[command(flatten)]
    pub(crate) assay: OneAssay,
    /// Last temperature with its unit
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    pub(crate) to: String,
    /// Stop where the first new solid appears ("solid"), or a mineral [default: go to the last temperature]
    #[arg(long, value_name = "solid|MINERAL")]
    pub(crate) until: Option<String>,
    /// equilibrium: solids stay and may dissolve again; fractional: they are taken out after each step
    #[arg(long, value_enum, default_value = "equilibrium")]
    pub(crate) mode: Mode,
    /// Steps of equal temperature
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) steps: u32,
    #[command(flatten)]
    pub(crate) chemistry: Chemistry,
}

/// `brine mix`.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "Examples:\n  saltern brine mix assays.csv --ids old-brine,feed --steps 20\n  \
     saltern brine mix assays.csv --ids a,b --by volume --temperature \"15 degC\" -o mixing.csv\n  \
     saltern brine mix assays.csv --parts \"a=3,b=1,c=0.5\"\n\n\
     --ids sweeps from all of the first brine to all of the second; --parts mixes any number in one proportion. Each row\n\
     is the mixture that brings 1 kg of liquid water, and the solids that form in it. Without --temperature the mixture has\n\
     the mean of its brines, by mass; with --adiabatic the one at which it holds the enthalpy that they brought. The heat\n\
     of mixing is what the brines, at the temperature of the mixture, take up from outside: negative where they warm.\n\n{ASSAY_HELP}"
))]
pub(crate) struct MixArgs {
    #[command(flatten)]
    pub(crate) assays: Assays,
    /// Two brines, from all of the first to all of the second
    #[arg(
        long,
        value_name = "A,B",
        required_unless_present = "parts",
        conflicts_with = "parts"
    )]
    pub(crate) ids: Option<String>,
    /// Brines with how much of each: "A=3,B=1"
    #[arg(long, value_name = "A=3,B=1")]
    pub(crate) parts: Option<String>,
    /// What the proportions count
    #[arg(long, value_enum, default_value = "mass")]
    pub(crate) by: By,
    /// Steps of a sweep
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) steps: u32,
    /// Temperature of the mixture [default: the mean by mass]
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    pub(crate) temperature: Option<String>,
    /// The temperature that the mixture comes to without heat from outside
    #[arg(long, conflicts_with = "temperature")]
    pub(crate) adiabatic: bool,
    #[command(flatten)]
    pub(crate) chemistry: Chemistry,
}

/// What a proportion of brines counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum By {
    /// Mass of brine
    Mass,
    /// Volume of brine, before mixing
    Volume,
    /// Mass of water in the brine
    Water,
}

/// `brine dissolve`.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "Examples:\n  saltern brine dissolve assays.csv --id feed --salt Sylvite\n  \
     saltern brine dissolve assays.csv --id feed --salt Carnallite --amount \"200 g/kgw\" --steps 40\n\n\
     Without --amount the salt is added until some of it stays; the last row is the brine just saturated, and how much\n\
     went in is said on stderr. Other solids may form on the way (--phases).\n\n{ASSAY_HELP}"
))]
pub(crate) struct DissolveArgs {
    #[command(flatten)]
    pub(crate) assay: OneAssay,
    /// The salt, a mineral of the database
    #[arg(long, value_name = "MINERAL")]
    pub(crate) salt: String,
    /// How much in all, per kilogram of water or litre of the brine: "2 mol/kgw", "50 g/kgw", "30 g/L"
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    pub(crate) amount: Option<String>,
    /// Steps
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) steps: u32,
    #[command(flatten)]
    pub(crate) chemistry: Chemistry,
}

/// `brine add`.
#[derive(Args, Debug)]
#[command(
    after_help = format!(
    "Examples:\n  saltern brine add assays.csv --id feed --reagent \"Ca(OH)2\" --amount \"0.5 mol/kgw\"\n  \
     saltern brine add assays.csv --id eluate --reagent Na2CO3 --amount \"60 g/L\" --steps 30 -o titration.csv\n  \
     saltern brine add assays.csv --id feed --reagent HCl --amount \"20 mmol/kgw\" --balance pH\n\n\
     A reagent is a formula of elements that the database knows (Ca(OH)2, CaO, Na2CO3, NaOH, HCl, H2SO4, CaCl2, Na2SO4,\n\
     BaCl2 where there is Ba) or one of its minerals. --phases is \"reagent\" unless given: the stable solids with brucite\n\
     and portlandite, which lime makes, and without dolomite, magnesite and huntite, which it does not make in a tank.\n\n{ASSAY_HELP}"
    ),
    mut_arg("phases", |a| a.default_value("reagent")),
)]
pub(crate) struct AddArgs {
    #[command(flatten)]
    pub(crate) assay: OneAssay,
    /// What is added: a formula or a mineral
    #[arg(long, value_name = "FORMULA|MINERAL")]
    pub(crate) reagent: String,
    /// How much in all, per kilogram of water or litre of the brine: "0.5 mol/kgw", "20 mmol/kgw", "50 g/kgw", "30 g/L"
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    pub(crate) amount: String,
    /// Steps
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) steps: u32,
    #[command(flatten)]
    pub(crate) chemistry: Chemistry,
}

/// `brine decompose`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  saltern brine decompose --solids \"Carnallite=1 kg\" --temperature \"15 degC\" --temperature \"25 degC\"\n  \
    saltern brine decompose --solids \"Carnallite=0.8 kg,Halite=0.2 kg\" --of Carnallite --temperature \"25 degC\"\n\n\
    The least water that leaves nothing of the salt, the solids and the brine then, and the share of each element that the\n\
    solids keep: for carnallite the yield of KCl in cold decomposition. Amounts are masses or moles (\"1 kg\", \"2 mol\")."
)]
pub(crate) struct DecomposeArgs {
    /// Solids with their amounts: "Carnallite=0.8 kg,Halite=0.2 kg"
    #[arg(long, value_name = "A=1 kg,B=2 mol")]
    pub(crate) solids: String,
    /// The one that is to go [default: the first]
    #[arg(long, value_name = "MINERAL")]
    pub(crate) of: Option<String>,
    /// Temperature with its unit; repeat the option for more
    #[arg(long, value_name = "T", required = true, allow_hyphen_values = true)]
    pub(crate) temperature: Vec<String>,
    #[command(flatten)]
    pub(crate) chemistry: Chemistry,
}

/// `brine invariant`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  saltern brine invariant --system Na,K,Mg//Cl,SO4 --saturated-with Halite --temperature \"25 degC\"\n  \
    saltern brine invariant --system KCl-MgCl2-H2O --temperature \"0 degC\" --temperature \"35 degC\"\n\n\
    The points of the diagram of the system (saltern brine diagram --help): each with its solids and its brine. For named\n\
    salts see saltern brine solubility."
)]
pub(crate) struct InvariantArgs {
    /// What the points are of
    #[arg(
        long,
        value_name = "SYSTEM",
        help = "Ions, \"Na,K,Mg//Cl,SO4\", or salts, \"NaCl-KCl-H2O\""
    )]
    pub(crate) system: String,
    /// A salt that is always present with the brine, such as Halite (and its hydrates)
    #[arg(long, value_name = "SALT")]
    pub(crate) saturated_with: Option<String>,
    /// Temperature with its unit; repeat the option for more
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    pub(crate) temperature: Vec<String>,
    #[command(flatten)]
    pub(crate) chemistry: Chemistry,
}

/// `brine solubility`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  saltern brine solubility --salts Halite+Sylvite --temperature \"25 degC\"\n  \
    saltern brine solubility --salts Halite --salts Carnallite+Bischofite --temperature \"0 degC\" --temperature \"35 degC\" --only-named\n\n\
    Every named salt is in excess with water. Without --only-named other solids may form."
)]
pub(crate) struct SolubilityArgs {
    /// Salts that saturate the same water, joined by +; repeat the option for more combinations
    #[arg(long, value_name = "A+B", required = true)]
    pub(crate) salts: Vec<String>,
    /// Temperature with its unit; repeat the option for more
    #[arg(long, value_name = "T", required = true, allow_hyphen_values = true)]
    pub(crate) temperature: Vec<String>,
    /// Nothing but the named salts may form
    #[arg(long)]
    pub(crate) only_named: bool,
    #[command(flatten)]
    pub(crate) chemistry: Chemistry,
}

/// `brine diagram`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  saltern brine diagram --system Na,K,Mg//Cl,SO4 --saturated-with Halite --temperature \"25 degC\" -o quinary\n  \
    saltern brine diagram --system NaCl-KCl-H2O --temperature \"0 degC\" --temperature \"25 degC\" -o ternary\n  \
    saltern brine diagram --system Na,Mg//Cl,SO4 --temperature \"25 degC\" --phases metastable -o pair --lang zh\n  \
    saltern brine diagram --system NaCl-H2O -o polytherm\n  \
    saltern brine diagram --system Na,K,Mg//Cl,SO4 --temperature \"25 degC\" --path assays.csv --id sea -o path\n\n\
    What is drawn depends on the ions: one salt in water over temperature with ice; two salts with a common ion as a\n\
    ternary; two cations and two anions as a square; three ions over an always-present salt, or three salts with a\n\
    common ion, as a triangle. Ions are counted in pairs of charges (K2, Mg, SO4), as Jaenecke did. Several\n\
    temperatures give a sheet each and one with all. The folder holds diagram.svg and CSV files: points.csv, lines.csv,\n\
    fields.csv (triangle, square), curves.csv (others), path.csv.",
    mut_arg("output", |a| a.value_name("DIR").required(true).help("Folder to write to")),
)]
pub(crate) struct DiagramArgs {
    /// What the diagram is of
    #[arg(
        long,
        value_name = "SYSTEM",
        help = "Ions, \"Na,K,Mg//Cl,SO4\", or salts, \"NaCl-KCl-H2O\""
    )]
    pub(crate) system: String,
    /// Temperature with its unit; repeat the option for more. For one salt in water: the two ends of the range
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    pub(crate) temperature: Vec<String>,
    /// A salt that is always present with the brine, such as Halite (and its hydrates)
    #[arg(long, value_name = "SALT")]
    pub(crate) saturated_with: Option<String>,
    /// Assay table with a brine whose evaporation is drawn over the diagram, at the first temperature
    #[arg(long, value_name = "ASSAYS.csv")]
    pub(crate) path: Option<PathBuf>,
    /// Which brine of that table
    #[arg(long, value_name = "ID", requires = "path")]
    pub(crate) id: Option<String>,
    /// What happens to solids along the path
    #[arg(long, value_enum, default_value = "equilibrium")]
    pub(crate) mode: Mode,
    /// Steps of the path
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) steps: u32,
    /// What takes up the residual charge of the path's brine: "none", "pH", or an ion such as Cl
    #[arg(long, value_name = "none|pH|ION", default_value = "none")]
    pub(crate) balance: String,
    #[command(flatten)]
    pub(crate) chemistry: Chemistry,
}

/// `brine database`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  saltern brine database\n  saltern brine database pitzer.dat -o parameters.csv\n\n\
    The summary goes to stderr, the table of every parameter (value at 25 degC, range, source) to stdout or -o."
)]
pub(crate) struct DatabaseArgs {
    /// "default" or a PHREEQC Pitzer .dat file, and any layers on it: default+LAYER.csv
    #[arg(value_name = "NAME|FILE[+LAYER]", default_value = "default")]
    pub(crate) database: String,
    /// Write the table to this file instead of stdout
    #[arg(short, long, value_name = "OUT.csv")]
    pub(crate) output: Option<PathBuf>,
}

/// `brine fit`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  saltern brine fit licl.data.csv --parameters licl.parameters.csv -o licl\n  \
    saltern brine fit data.csv --parameters parameters.csv --validate --loss squares\n  \
    saltern brine solubility --salts Halite --temperature \"25 degC\" --database default+licl/parameters.csv\n\n\
    DATA.csv, one measurement a row:\n  \
    source, temperature [degC], composition as in an assay table (Na [mol/kgw] \u{2026}), pH, balance\n  \
    quantity   osmotic_coefficient, water_activity, mean_activity_coefficient, saturation, density, heat_capacity,\n             \
    enthalpy_of_solution (at infinite dilution; no composition)\n  \
    of         the salt of a mean activity coefficient (LiCl), the solids of a saturation (Halite+Sylvite)\n  \
    value, unit, sd, weight, note; a saturation has no value: its composition is the datum, its sd relative\n\n\
    PARAMETERS.csv, one parameter a row:\n  \
    kind       B0 B1 B2 C0 ALPHAS THETA LAMBDA PSI ZETA MU ETA, LOG_K of a solid or species, HEAT_CAPACITY, VOLUME\n  \
    species1 species2 species3\n  \
    terms      what is free and what is fixed: \"a0 a1\", \"a0 a1=-12.3\", \"A1 A3 A4\"\n  \
    rest       what terms not named are: zero (default) or base\n  \
    start, prior, prior_sd, t_min [degC], t_max [degC], reaction, molar_volume [cm3/mol], note\n\n\
    -o DIR gets parameters.csv (a layer with standard errors), interactions.csv, minerals.csv \u{2026} (rows in\n\
    the form of data/thermo), residuals.csv, covariance.csv, validation.csv and report.html; the summary then goes to stdout.\n\
    Without -o the layer goes to stdout and the summary to stderr."
)]
pub(crate) struct FitArgs {
    /// Measurements, CSV or XLSX
    #[arg(value_name = "DATA.csv")]
    pub(crate) data: PathBuf,
    /// What is to be fitted, CSV or XLSX
    #[arg(long, value_name = "PARAMETERS.csv")]
    pub(crate) parameters: PathBuf,
    /// Database to start from: "default" or a PHREEQC Pitzer .dat file, and layers: default+LAYER.csv
    #[arg(long, value_name = "NAME|FILE[+LAYER]", default_value = "default")]
    pub(crate) database: String,
    /// huber: residuals beyond 1.345 scales count linearly; squares: all by their squares
    #[arg(long, value_enum, default_value = "huber")]
    pub(crate) loss: LossName,
    /// Leave out each source in turn and predict it from the others
    #[arg(long)]
    pub(crate) validate: bool,
    /// Tell which parameters the database has otherwise, and end with exit code 1 if there are any
    #[arg(long)]
    pub(crate) check: bool,
    /// How far a value may be off for --check [default: log10 K 0.005, coefficients 0.002, J/mol/K 1, cm3/mol 0.05]
    #[arg(long, value_name = "VALUE", requires = "check")]
    pub(crate) tolerance: Option<f64>,
    /// Key of the source that the fitted rows name
    #[arg(long, value_name = "KEY", default_value = "fitted")]
    pub(crate) key: String,
    /// Folder for the results
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
}

/// How large residuals count.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LossName {
    /// Huber's
    Huber,
    /// Plain squares
    Squares,
}

/// `simulate`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  saltern simulate examples/qarhan\n  \
    saltern simulate my-base --from 2025-04-01 --to 2025-10-31 --state today.csv -o runs/summer\n  \
    saltern simulate my-base --schedule plan.csv --lang zh")]
pub(crate) struct SimulateArgs {
    /// Folder that describes the base: base.toml and its tables
    #[arg(value_name = "BASE")]
    pub(crate) base: PathBuf,
    /// First day [default: as the base says]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) from: Option<String>,
    /// Last day, included [default: as the base says]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) to: Option<String>,
    /// Levels and assays to start from, a table
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// Flows and harvests set by people, a table
    #[arg(long, value_name = "FILE")]
    pub(crate) schedule: Option<PathBuf>,
    /// March through so many weathers, for bands of months of feed ahead and of products; the first is the run
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=500))]
    pub(crate) weathers: Option<u16>,
    /// Seed of made-up weather, of the first of many [default: as the base says]
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,
    /// Weathers at a time [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// Run folder to write; by default the name of the base in runs/
    #[arg(short, long, value_name = "RUN")]
    pub(crate) output: Option<PathBuf>,
    /// Replace a run that is already there
    #[arg(long)]
    pub(crate) overwrite: bool,
}

/// `estimate`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  saltern estimate my-base --samples june.csv --state may-31.csv -o estimates/june\n  \
    saltern estimate my-base --samples june.csv --state may-31.csv --days 60 --ahead 90 -o estimates/june\n  \
    saltern simulate my-base --from 2027-07-01 --state estimates/june/state.csv\n\n\
    The samples are a long table: time,tag,value. A tag is one of tags.csv, its value in its unit; a time is 2027-06-01T08:00:00Z, or\n\
    without a zone in the base's standard time. The window ends on the day of the last sample. The folder holds state.csv (as\n\
    --state takes it), estimates.csv (every pond with bands), departures.csv (leaks, winds, meters: what the samples know of each),\n\
    book (the measured book as a run folder, for report, compare and account), streams.csv and meters.csv (its bands, and each\n\
    meter against it), leaks.csv (the leak sensor week by week, where lithium is analysed) and, with --ahead, forecast.csv and phases.csv."
)]
pub(crate) struct EstimateArgs {
    /// Folder that describes the base: base.toml and its tables, tags.csv among them
    #[arg(value_name = "BASE")]
    pub(crate) base: PathBuf,
    /// Samples of tags, a long table: time,tag,value
    #[arg(long, value_name = "FILE")]
    pub(crate) samples: PathBuf,
    /// What is believed of the ponds on the morning of the first day; the openings of the base otherwise
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// Days of the window, up to the last sample
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u16).range(2..=400))]
    pub(crate) days: u16,
    /// Standard deviation of a level
    #[arg(long, value_name = "LENGTH", default_value = "2 mm")]
    pub(crate) level_error: String,
    /// Standard deviation of a density
    #[arg(long, value_name = "DENSITY", default_value = "0.5 kg/m3")]
    pub(crate) density_error: String,
    /// Standard deviation of an assay, relative
    #[arg(long, value_name = "SHARE", default_value = "0.5 %")]
    pub(crate) assay_error: String,
    /// What a meter of flow may be wrong by all the time, relative
    #[arg(long, value_name = "SHARE", default_value = "0.5 %")]
    pub(crate) meter_error: String,
    /// What the composition of the opening may be wrong by, relative [default: that of an assay with --state, else 10 %]
    #[arg(long, value_name = "SHARE")]
    pub(crate) opening_error: Option<String>,
    /// Marches around the most probable one
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = clap::value_parser!(u16).range(10..=1000))]
    pub(crate) members: u16,
    /// Look so many days ahead
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=400))]
    pub(crate) ahead: Option<u16>,
    /// Years of generated weather to look ahead through
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=200))]
    pub(crate) weathers: u16,
    /// Seed of the members and of the weathers ahead
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Threads; results don't depend on it [default: RAYON_NUM_THREADS, else all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) threads: Option<u16>,
    /// Folder to write
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,
    /// Replace an estimate that is already there
    #[arg(long)]
    pub(crate) overwrite: bool,
}

/// What to plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// Power, heat, hydrogen and computing, hour by hour
    Dispatch,
    /// Harvests, flows, loads of plants, stocks and sales, by weeks or months, simulated
    Production,
    /// Sun, wind and load from their own past, with bands, scored against persistence
    Forecast,
    /// What to build in which stage, under budgets and caps of carbon, on weeks that stand for the year, checked in all hours
    Expansion,
}

/// Length of a step of a plan of production.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StepLength {
    /// Seven days from the first; what makes no whole week belongs to the last
    Week,
    /// Months of the calendar
    Month,
}

/// How to solve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SolverMethod {
    /// Dual simplex
    Simplex,
    /// Interior point with crossover
    InteriorPoint,
}

/// `plan`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  saltern plan examples/energy-one-bus --what dispatch\n  \
    saltern plan examples/energy-one-bus --what dispatch --to 2027-01-14 --compare -o runs/fortnight\n  \
    saltern plan my-park --what dispatch --window 168 --lang zh\n  \
    saltern plan my-park --what dispatch --run runs/my-park -o runs/power\n  \
    saltern plan examples/energy-one-bus --what dispatch --to 2027-03-31 --window 48 --execute 4 --forecast -o runs/rolled\n  \
    saltern plan examples/energy-one-bus --what dispatch --scenarios 20 --day 2027-06-21 --seed 7 -o runs/day\n  \
    saltern plan my-park --what dispatch --carbon-price \"80 CNY/t\" --limits -o runs/tomorrow\n  \
    saltern plan examples/qarhan --what production -o runs/plan\n  \
    saltern plan examples/qarhan --what production --by month --electricity \"0.3 CNY/kWh\" -o runs/months\n  \
    saltern plan examples/energy-one-bus --what expansion --weeks 8 -o runs/2035\n  \
    saltern plan examples/energy-one-bus --what forecast --ahead 48 -o runs/forecast\n\n\
    The tables of the energy side of a base (energy_nodes.csv, generators.csv, stores.csv, …) are listed by `saltern\n\
    reference`. The run folder holds plan.json, schedule.csv (what every unit does in every step), tracing.csv (where the\n\
    energy of each consumer comes from, how much of it is clean), with --limits hall_limits.csv, the book and a report.\n\
    Scenarios: units on or off and purchases by schedule (extra_price, less_price of grids.csv) are decided once for all of\n\
    them, the rest as each comes; decisions.csv, scenarios.csv. Forecasts: forecast.csv with bands, scores.csv.\n\
    Expansion: expansion_stages.csv has the years with their growth, budgets and caps, expansion.csv what may be built; expansion.csv\n\
    of the run what is built.\n\
    A plan that cannot be had, or is not the best, ends with exit code 1."
)]
pub(crate) struct PlanArgs {
    /// Folder that describes the base
    #[arg(value_name = "BASE")]
    pub(crate) base: PathBuf,
    /// What to plan
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) what: What,
    /// Last day, included [default: as the base says]; the first is the base's own
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) to: Option<String>,
    /// Number of steps from the first, instead of --to
    #[arg(long, value_name = "N", conflicts_with = "to", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) steps: Option<u32>,
    /// Roll through windows of so many steps, each guided by the plan over the whole period
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..))]
    pub(crate) window: Option<u32>,
    /// Steps of a window that are carried out before the next one looks again [default: all of them]
    #[arg(long, value_name = "N", requires = "window", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) execute: Option<u32>,
    /// Let windows see forecasts of sun and wind beyond the steps they are carried out for; told beside knowing and persistence
    #[arg(long, requires = "window")]
    pub(crate) forecast: bool,
    /// Decide a day for so many scenarios of sun and wind, drawn from what forecasts missed
    #[arg(long, value_name = "N", conflicts_with = "window", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) scenarios: Option<u32>,
    /// Seed of the scenarios
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Day that is planned for scenarios [default: the last]
    #[arg(long, value_name = "YYYY-MM-DD", requires = "scenarios")]
    pub(crate) day: Option<String>,
    /// Steps ahead of a forecast, or of a day with scenarios [default: a day]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) ahead: Option<u32>,
    /// Plan a second time without storage and waiting work, to tell what they earn
    #[arg(long)]
    pub(crate) compare: bool,
    /// What a tonne of direct CO2 costs in a plan of dispatch: "80 CNY/t" [default: as the base says, else nothing]
    #[arg(long, value_name = "PRICE")]
    pub(crate) carbon_price: Option<String>,
    /// Publish limits of flexible computing for each hall and step: hall_limits.csv, which a base folder takes back
    #[arg(long)]
    pub(crate) limits: bool,
    /// Quantile of the forecast's errors that the margin of the limits is made of, %; 97 is told of Google's curves (recalled)
    #[arg(long, value_name = "PERCENT", default_value_t = 97, value_parser = clap::value_parser!(u8).range(1..=100))]
    pub(crate) limits_quantile: u8,
    /// Margin of the limits instead: "10 %"
    #[arg(long, value_name = "SHARE", requires = "limits")]
    pub(crate) limits_margin: Option<String>,
    /// Let units that are on or off be anything between, which is much faster over long periods
    #[arg(long)]
    pub(crate) relaxed: bool,
    /// Weeks that stand for the year in a plan of expansion, the extreme one among them; 53 or more for all
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) weeks: u16,
    /// Most simulations of a plan of production
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) simulations: u16,
    /// Length of a step of a plan of production
    #[arg(long, value_enum, default_value = "week", value_name = "STEP")]
    pub(crate) by: StepLength,
    /// Price of electricity in a plan of production: "0.3 CNY/kWh" [default: not counted]
    #[arg(long, value_name = "PRICE")]
    pub(crate) electricity: Option<String>,
    /// Node of the base's energy side that gives the plants' electricity in a plan of production, which then costs what
    /// the dispatch says, step by step
    #[arg(long, value_name = "ID", conflicts_with = "electricity")]
    pub(crate) node: Option<String>,
    /// Simulated run of the base that says what the plants take whose demand energy_demands.csv leaves to it
    #[arg(long, value_name = "RUN")]
    pub(crate) run: Option<PathBuf>,
    /// Threads of a plan of production; results don't depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) threads: Option<u16>,
    /// How to solve [default: simplex; interior-point for a plan of expansion]
    #[arg(long, value_enum, value_name = "METHOD")]
    pub(crate) method: Option<SolverMethod>,
    /// Time after which the best plan found is taken: "60 s"
    #[arg(long, value_name = "TIME")]
    pub(crate) time_limit: Option<String>,
    /// Nodes of the search for whole numbers after which the best plan found is taken; the same plan on any machine
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..))]
    pub(crate) nodes: Option<u32>,
    /// Run folder to write; by default the name of the base in runs/
    #[arg(short, long, value_name = "RUN")]
    pub(crate) output: Option<PathBuf>,
    /// Replace a run that is already there
    #[arg(long)]
    pub(crate) overwrite: bool,
}

/// `plant`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  saltern plant examples/qarhan\n  saltern plant examples/qarhan kcl -o streams.csv\n\n\
    A plant is a file plants/ID.toml of the base: units, streams, design specs. The streams go to stdout or -o as CSV,\n\
    heats, recycles and products to stderr."
)]
pub(crate) struct PlantArgs {
    /// Folder that describes the base
    #[arg(value_name = "BASE")]
    pub(crate) base: PathBuf,
    /// One plant; all of them if it is left out
    #[arg(value_name = "PLANT")]
    pub(crate) plant: Option<String>,
    /// Write the streams to this file instead of stdout
    #[arg(short, long, value_name = "OUT.csv")]
    pub(crate) output: Option<PathBuf>,
}

/// `fit`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  saltern fit examples/qarhan kcl examples/pilot/measurements.csv --runs examples/pilot/runs.csv \\\n    \
    --parameters examples/pilot/parameters.csv -o fitted\n  \
    saltern fit my-base kcl samples.xlsx --parameter rougher.recovery.Sylvite --parameter filter.moisture\n\n\
    DATA, CSV or XLSX, one sample a row; blank is not measured:\n  \
    run, place         a stream of the plant; or a measure, mass(a, K) / mass(b, K), with its value in value [%]\n  \
    mass [t/h], mass_sd [% or t/h], temperature [degC], temperature_sd [K]\n  \
    NAME [wt%], NAME_sd [% or wt%]   an element (K), as a salt, oxide or ion (KCl, K2O, SO4), a mineral (Halite),\n                     \
    solids, liquid, H2O, another substance. A sd headed [%] is a share of the value\n\
    RUNS: run, then what was different: ore [t/h], ore.Carnallite [wt%], wash.wash_ratio [1]; PATH_sd where it is known\n  \
    with an error only: its error then widens the intervals\n\
    PARAMETERS: parameter (UNIT.SETTING or UNIT.SETTING.NAME), unit, first, lower, upper, prior, prior_sd\n\n\
    The measured flows and shares of each run are reconciled over the plant's units first; what does not balance is told\n\
    with its cell. -o DIR gets parameters, profile, correlation, identifiability, residuals, reconciliation, agreement,\n\
    bands and next as CSV, all of them in fit.json, residuals.svg, summary.txt, and fitted.toml: sections for the plant's\n\
    file, which `saltern plant` then tells with bands."
)]
pub(crate) struct PilotArgs {
    /// Folder that describes the base
    #[arg(value_name = "BASE")]
    pub(crate) base: PathBuf,
    /// Plant of the base
    #[arg(value_name = "PLANT")]
    pub(crate) plant: String,
    /// Measurements, CSV or XLSX
    #[arg(value_name = "DATA.csv")]
    pub(crate) data: PathBuf,
    /// What was different in each run
    #[arg(long, value_name = "RUNS.csv")]
    pub(crate) runs: Option<PathBuf>,
    /// What is to be fitted, with first guesses, bounds and priors
    #[arg(
        long,
        value_name = "PARAMETERS.csv",
        required_unless_present = "parameter"
    )]
    pub(crate) parameters: Option<PathBuf>,
    /// What is to be fitted, from the value of the plant's file and within the range of the setting
    #[arg(long, value_name = "UNIT.SETTING", conflicts_with = "parameters")]
    pub(crate) parameter: Vec<String>,
    /// Fit to the measurements as they are
    #[arg(long)]
    pub(crate) no_reconcile: bool,
    /// Take the worst measurement out of a run that does not balance, and again until it does
    #[arg(long, conflicts_with = "no_reconcile")]
    pub(crate) eliminate: bool,
    /// Chance of calling a sound table wrong
    #[arg(long, value_name = "CHANCE", default_value_t = 0.05)]
    pub(crate) significance: f64,
    /// Scale of the standard errors: from the residuals (t), or from the standard deviations as stated (normal)
    #[arg(long, value_enum, default_value = "scaled")]
    pub(crate) errors: ErrorsName,
    /// Measure that the next assay is to narrow: one that the plant declares, or a new one [default: the first declared]
    #[arg(long, value_name = "ID|MEASURE")]
    pub(crate) measure: Option<String>,
    /// Samples of each band
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub(crate) samples: u32,
    /// Seed of the samples
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Folder for the results
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
}

/// Where standard errors take their scale from.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ErrorsName {
    /// The residuals
    Scaled,
    /// The standard deviations as stated
    Stated,
}

/// `compare`.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  saltern compare runs/base runs/shallower -o comparison.csv")]
pub(crate) struct CompareArgs {
    /// Two or more run folders
    #[arg(value_name = "RUN", required = true, num_args = 2..)]
    pub(crate) runs: Vec<PathBuf>,
    /// Write the table to this file instead of stdout
    #[arg(short, long, value_name = "OUT.csv")]
    pub(crate) output: Option<PathBuf>,
}

/// `report`.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  saltern report runs/qarhan --lang zh -o qarhan.zh.html")]
pub(crate) struct ReportArgs {
    /// Run folder
    #[arg(value_name = "RUN")]
    pub(crate) run: PathBuf,
    /// File to write [default: report.html in the run folder]
    #[arg(short, long, value_name = "FILE.html")]
    pub(crate) output: Option<PathBuf>,
}

/// `export`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  saltern export runs/qarhan --csv tables\n  saltern export runs/qarhan --xlsx qarhan.xlsx"
)]
pub(crate) struct ExportArgs {
    /// Run folder
    #[arg(value_name = "RUN")]
    pub(crate) run: PathBuf,
    #[command(flatten)]
    pub(crate) form: ExportForm,
}

/// Form of an export.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct ExportForm {
    /// Write one CSV file a table into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) csv: Option<PathBuf>,
    /// Write one workbook with a sheet a table
    #[arg(long, value_name = "FILE.xlsx")]
    pub(crate) xlsx: Option<PathBuf>,
}

/// `account`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  saltern account runs/qarhan\n  saltern account runs/qarhan --with my-tables --xlsx accounts.xlsx --lang zh\n\n\
    Tables that may stand in the base folder, or in --with DIR (those lie on top):\n  \
    roles.csv       stream, role, product: what a stream is for (product, returned, fresh_water, waste \u{2026})\n  \
    stages.csv      element, stage, node: the way from resource to product, in order\n  \
    utilities.csv   id, carrier, from, to, amount, unit, role: electricity, heat, gas, reagents of the period\n  \
    carbon.csv      what, factor, by, counted: which factor counts which carrier\n  \
    factors.csv     id, value, unit, gas, kind, scopes, region, year, source: your own emission factors\n  \
    indicators.csv  id, edition, name_en, name_zh, each, expression, unit, source, at_least, at_most, threshold_source,\n                  edition_zh, source_zh, threshold_source_zh where these are words\n  \
    inputs.csv      id, value, unit, source: numbers that indicators name\n  \
    sets.csv        set, member: sets of elements that indicators name\n\n\
    --closing DIR keeps figures.csv, locks.csv and restatements.csv: what was said of a period, since when it is locked,\n\
    and every change after that with its day, its author and its reason.\n\n\
    Writes account.json and account/*.csv into the run folder, or into -o DIR. Without -o the tables are kept with the\n\
    run and its report is made anew. A direct factor and a life-cycle factor in one sum are told apart and said."
)]
pub(crate) struct AccountArgs {
    /// Run folder
    #[arg(value_name = "RUN")]
    pub(crate) run: PathBuf,
    /// Folder with tables that lie on top of those of the run
    #[arg(long, value_name = "DIR")]
    pub(crate) with: Option<PathBuf>,
    /// Write here instead of into the run folder, which then stays as it is
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    /// Also write one workbook with a sheet a table
    #[arg(long, value_name = "FILE.xlsx")]
    pub(crate) xlsx: Option<PathBuf>,
    /// Folder of closed books that the figures of this run's period are recorded in
    #[arg(long, value_name = "DIR")]
    pub(crate) closing: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) close: ClosingArgs,
}

/// What is done to the books in `--closing`.
#[derive(Args, Debug)]
pub(crate) struct ClosingArgs {
    /// Lock the period: from then on its figures change by restatement only
    #[arg(long, requires = "closing", requires = "by")]
    pub(crate) lock: bool,
    /// Restate figures of a locked period that are others now, and say why; the old ones are kept
    #[arg(long, value_name = "REASON", requires = "closing", requires = "by")]
    pub(crate) restate: Option<String>,
    /// Who locks or restates
    #[arg(long, value_name = "NAME", requires = "closing")]
    pub(crate) by: Option<String>,
    /// Day of it [default: today]
    #[arg(long, value_name = "DATE", requires = "closing")]
    pub(crate) on: Option<String>,
}

/// `reconcile`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  saltern reconcile examples/reconciliation/streams.csv --parameters examples/reconciliation/parameters.csv \\\n    \
    --equations examples/reconciliation/equations.csv -o reconciled\n  \
    saltern reconcile streams.csv --eliminate --significance 0.01\n\n\
    STREAMS.csv, CSV or XLSX, one stream a row:\n  \
    id, from, to      nodes; blank is outside. A node with streams in and out must balance\n  \
    flow [t/h], flow_sigma [t/h or %]   one unit for all flows: a mass or a volume, with or without time\n  \
    NAME [wt%], NAME_sigma [wt% or %]   a share of each component, if wanted (g/L where flows are volumes)\n  \
    A blank value is not measured; a standard deviation of 0 is exactly known.\n\
    PARAMETERS.csv: id, value, sigma. EQUATIONS.csv: id, equation (F4 = TC * F3).\n\n\
    z is the measurement test (|adjustment| over its standard deviation), its limit shared out over all meters.\n\
    visibility: share of a meter's own error that shows in its adjustment. smallest_bias: found in 80 of 100 cases.\n\
    -o DIR gets reconciled.csv, tests.csv, leaks.csv and removed.csv."
)]
pub(crate) struct ReconcileArgs {
    /// Measured streams, CSV or XLSX
    #[arg(value_name = "STREAMS.csv")]
    pub(crate) streams: PathBuf,
    /// Transfer coefficients and other numbers that equations name
    #[arg(long, value_name = "FILE")]
    pub(crate) parameters: Option<PathBuf>,
    /// Equations beside the balances of the nodes
    #[arg(long, value_name = "FILE")]
    pub(crate) equations: Option<PathBuf>,
    /// How large adjustments count
    #[arg(long, value_name = "NAME", default_value = "squares", value_parser = clap::builder::PossibleValuesParser::new(saltern_account::reconcile::Loss::NAMES))]
    pub(crate) loss: String,
    /// Take the worst measurement out and reconcile again until every one that is left passes
    #[arg(long)]
    pub(crate) eliminate: bool,
    /// Chance of calling sound measurements wrong
    #[arg(long, value_name = "CHANCE", default_value_t = 0.05)]
    pub(crate) significance: f64,
    /// Folder for the tables
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  saltern serve examples/qarhan\n  saltern serve mybase --data /srv/saltern --listen 127.0.0.1:9000 --allow-writes\n  \
    saltern serve examples/qarhan --demo --speed 60 --fault leak:c1:2\n\n\
    The first start adds the user admin and prints a password once; $SALTERN_ADMIN_PASSWORD names another.\n\
    The server listens on this machine only; put a proxy that encrypts before it, or give --certificate and --key.\n\
    Ctrl-C ends it; nothing that was acknowledged is lost, however it ends."
)]
pub(crate) struct ServeArgs {
    /// Folder that describes the base
    #[arg(value_name = "BASE")]
    pub(crate) base: PathBuf,
    /// Address and port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8321")]
    pub(crate) listen: std::net::SocketAddr,
    /// Folder for samples, records and back-ups [default: data/BASE]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Keep samples on a PostgreSQL server: postgresql://user@host/database
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
    /// Show the tags to other systems over OPC UA at this address; people of the whole park sign in with their passwords
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) opcua: Option<std::net::SocketAddr>,
    /// Certificate for TLS with those that sign it, PEM
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) certificate: Option<PathBuf>,
    /// Private key of the certificate, PEM
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub(crate) key: Option<PathBuf>,
    /// Let people with the right to do so write to the plant, each tag within its limits
    #[arg(long)]
    pub(crate) allow_writes: bool,
    /// Estimate by night what the ponds hold and lose, from the samples of about so many days; 0 for never
    #[arg(long, value_name = "DAYS", default_value_t = 45, value_parser = clap::value_parser!(u16).range(0..=400))]
    pub(crate) estimate: u16,
    /// Hold closings of days and months against this plan: the folder of a run; remembered until another one is given
    #[arg(long, value_name = "RUN")]
    pub(crate) plan: Option<PathBuf>,
    /// Append what happens (requests, troubles, connections, nights) to this file, a JSON object a line; - for stderr
    #[arg(long, value_name = "FILE")]
    pub(crate) log: Option<PathBuf>,
    /// Play the plant as well: the base is simulated and speaks the protocols of its connections on this machine
    #[arg(long)]
    pub(crate) demo: bool,
    /// Pace of the played plant, times real time: 1 to 600
    #[arg(long, value_name = "TIMES", default_value_t = 1.0, requires = "demo")]
    pub(crate) speed: f64,
    /// When the played plant begins: a day or an instant [default: the middle of the base's period]
    #[arg(long, value_name = "TIME", requires = "demo")]
    pub(crate) at: Option<String>,
    /// A fault that the played plant begins with, may be given more than once: leak:POND:MM_PER_DAY, stuck:TAG, drift:TAG:PER_DAY, trip:LINK, storm::MM, down:CONNECTION
    #[arg(long, value_name = "FAULT", requires = "demo")]
    pub(crate) fault: Vec<String>,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  saltern backup --data data/qarhan -o /mnt/copies/monday\n\nSamples and records, whole and fit for each other; a server that runs goes on meanwhile."
)]
pub(crate) struct BackupArgs {
    /// Folder that the server keeps its data in
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// New folder for the copy
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  saltern restore /mnt/copies/monday --data data/qarhan")]
pub(crate) struct RestoreArgs {
    /// Folder of a back-up
    #[arg(value_name = "COPY")]
    pub(crate) copy: PathBuf,
    /// Folder for the server's data; it must not exist or be empty
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
}

/// What to do with a base folder.
#[derive(Subcommand, Debug)]
pub(crate) enum BaseVerb {
    /// Read a base folder and say everything that is wrong with it
    #[command(after_help = "Example:\n  saltern base check examples/qarhan")]
    Check {
        /// Folder that describes the base
        #[arg(value_name = "BASE")]
        base: PathBuf,
    },
    /// Take assets, connections, tags, alarms and formulas out to a spreadsheet, or in from one
    #[command(
        after_help = "Examples:\n  saltern base tags examples/qarhan -o tags.xlsx\n  saltern base tags my-base --import tags.xlsx\n\n\
        A workbook has a sheet a table: assets, connections, tags, alarms, calculated; a folder has a CSV file a table. An import\n\
        replaces the tables that it brings, all of them or, where anything is wrong, none. A server at work takes them up by itself."
    )]
    Tags {
        /// Folder that describes the base
        #[arg(value_name = "BASE")]
        base: PathBuf,
        /// Workbook (.xlsx) or folder to write
        #[arg(short, long, value_name = "OUT", required_unless_present = "import")]
        output: Option<PathBuf>,
        /// Workbook (.xlsx) or folder to take in
        #[arg(long, value_name = "FROM", conflicts_with = "output")]
        import: Option<PathBuf>,
    },
}
