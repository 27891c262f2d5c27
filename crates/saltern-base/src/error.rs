//! What can be wrong with a base folder, a state or a schedule.

use crate::message::catalogue;
use jiff::civil::Date;
use saltern_units::Lang;
use saltern_units::formula::FormulaError;
use saltern_units::message::{Catalogue, Fields, Message, nearest};
use saltern_units::place::Place;
use saltern_units::quantity::significant;
use saltern_units::table::TableError;

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq)]
pub enum BaseError {
    /// `table.…` or `units.…`: a table, a cell, or the unit of a quantity.
    Table(TableError),
    /// `base.broken_toml`: the parser of the file gives up.
    BrokenToml {
        /// File and line.
        place: Place,
        /// Column in that line, from 1.
        column: usize,
        /// What the parser says, in English.
        message: String,
    },
    /// `base.missing_file`.
    MissingFile {
        /// File that is not there.
        file: String,
        /// Where it is asked for; `base.toml` and the like are always asked for.
        asked_by: Option<Place>,
    },
    /// `base.missing_entry`: an entry of `base.toml` that must be given.
    MissingEntry {
        /// The file.
        place: Place,
        /// `site.latitude`.
        entry: String,
        /// What it means, in both languages.
        meaning: &'static crate::model::Label,
    },
    /// `base.unknown_entry`: a column or an entry that nothing reads.
    UnknownEntry {
        /// Where it stands.
        place: Place,
        /// Its name.
        entry: String,
        /// All known names.
        known: Vec<String>,
    },
    /// `base.wrong_type`: an entry of `base.toml` that is not written as it must be.
    WrongType {
        /// The entry.
        place: Place,
        /// What is written.
        value: String,
        /// What is accepted, an example.
        accepted: String,
    },
    /// `base.unknown_id`.
    UnknownId {
        /// Where it stands.
        place: Place,
        /// The id.
        id: String,
        /// Ids that exist there.
        known: Vec<String>,
    },
    /// `base.semicolons`: a table whose columns are not separated by commas.
    Semicolons {
        /// The header.
        place: Place,
        /// The header as written.
        value: String,
    },
    /// `base.no_such_day`: a day of the year that the calendar, or most years, lack.
    NoSuchDay {
        /// The cell.
        place: Place,
        /// What is written.
        value: String,
    },
    /// `base.unknown_grade`: a grade rule on something that no brine can be measured by.
    UnknownGrade {
        /// The cell.
        place: Place,
        /// What is written.
        value: String,
        /// What can be measured.
        known: Vec<String>,
    },
    /// `base.unknown_mineral`: a mineral that the database doesn't hold.
    UnknownMineral {
        /// Where it stands.
        place: Place,
        /// The name.
        mineral: String,
        /// The database.
        database: String,
        /// Names like it that are accepted there, best first.
        near: Vec<String>,
    },
    /// `base.unbalanced_brine`: charges so far apart that the analysis is no brine.
    UnbalancedBrine {
        /// The row.
        place: Place,
        /// The brine.
        id: String,
        /// 100 (Σ⁺ − Σ⁻)/(Σ⁺ + Σ⁻), %.
        percent: f64,
        /// What is still taken, %.
        limit_percent: f64,
    },
    /// `base.duplicate_id`.
    DuplicateId {
        /// The second use.
        place: Place,
        /// The id.
        id: String,
        /// The first use.
        first: Box<Place>,
    },
    /// `base.link_to_itself`.
    LinkToItself {
        /// The link.
        place: Place,
        /// The pond at both ends.
        id: String,
    },
    /// `base.link_end`: an end that a link, or its rule, can't have.
    LinkEnd {
        /// The cell.
        place: Place,
        /// The id at that end.
        id: String,
        /// Ids that could stand there.
        known: Vec<String>,
    },
    /// `base.plant_in_itself`: a plant that is a unit of itself, at once or by way of others.
    PlantInItself {
        /// The entry.
        place: Place,
        /// Plants from the outermost in, the first of the ring again at the end.
        plants: Vec<String>,
    },
    /// `base.ring`: overflows or constant flows that lead back to where they began.
    Ring {
        /// The last link of the ring in the order of the file.
        place: Place,
        /// Ponds on the way, the first one again at the end.
        ponds: Vec<String>,
    },
    /// `base.depth_order`: not least depth ≤ target ≤ crest.
    DepthOrder {
        /// The pond.
        place: Place,
        /// Least depth, m.
        depth_m_min: f64,
        /// Target depth, m.
        depth_m_target: f64,
        /// Crest, m.
        depth_m_max: f64,
    },
    /// `base.not_rising`: depths of a bathymetry that don't rise, or areas that fall.
    NotRising {
        /// The cell.
        place: Place,
        /// What is written.
        value: String,
        /// What the row before says.
        before: String,
    },
    /// `base.shift`: what is no hour of a day, or not later than the one before.
    Shift {
        /// Where it stands.
        place: Place,
        /// As written.
        value: String,
    },
    /// `base.dates_reversed`: a last day before the first.
    DatesReversed {
        /// Where the last day stands.
        place: Place,
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// `base.date_outside`: a day outside the period.
    DateOutside {
        /// The cell.
        place: Place,
        /// The day.
        date: Date,
        /// First day of the period.
        from: Date,
        /// Last day of the period.
        to: Date,
    },
    /// `base.same_date`: two steps of a source from the same day, or two rows on one link and day.
    SameDate {
        /// The second row.
        place: Place,
        /// Source or link.
        id: String,
        /// Row of the first.
        first_row: usize,
    },
    /// `base.no_steps`: a source without a row in its schedule.
    NoSteps {
        /// The source.
        place: Place,
        /// Its id.
        id: String,
    },
    /// `base.profile_length`: profiles that don't have a row for each step.
    ProfileLength {
        /// The file.
        place: Place,
        /// Rows it has.
        rows: usize,
        /// Steps of the period.
        steps: usize,
        /// Length of a step, min.
        step_min: u32,
    },
    /// `base.tariff_cover`: a time of day that no row of a tariff holds for, or more than one.
    TariffCover {
        /// The row to look at.
        place: Place,
        /// The tariff.
        tariff: String,
        /// Month, from 1.
        month: i8,
        /// Time of day.
        clock: String,
        /// Rows that hold then.
        rows: usize,
    },
    /// `base.two_currencies`: none is converted.
    TwoCurrencies {
        /// The header.
        place: Place,
        /// Its currency.
        currency: String,
        /// The currency met before.
        first: String,
        /// Where.
        first_place: Box<Place>,
    },
    /// `base.missing_price`: a grid without exactly one price of what is bought.
    MissingPrice {
        /// The row.
        place: Place,
        /// The grid.
        id: String,
    },
    /// `base.formula`: a formula that cannot be read.
    Formula {
        /// The cell.
        place: Place,
        /// What is wrong in it.
        error: FormulaError,
    },
    /// `base.unknown_unit`: a unit in a cell that is none of what it measures.
    UnknownUnit {
        /// The cell.
        place: Place,
        /// As written.
        unit: String,
        /// What may stand there.
        accepted: Vec<&'static str>,
    },
    /// `base.other_unit`: two tags that are compared and have different units.
    OtherUnit {
        /// The cell.
        place: Place,
        /// The other tag.
        id: String,
        /// Its unit.
        unit: &'static str,
        /// The unit it should have.
        accepted: &'static str,
    },
    /// `base.asset_level`: a part that is not of a lower level than its whole.
    AssetLevel {
        /// The row.
        place: Place,
        /// Its level.
        level: &'static str,
        /// Its whole.
        parent: String,
        /// The level of that.
        above: &'static str,
    },
    /// `base.not_calculated`: a formula for a tag that gets its values otherwise.
    NotCalculated {
        /// The cell.
        place: Place,
        /// The tag.
        id: String,
        /// Its source.
        source: String,
    },
    /// `base.which_connection`: a tag that could come over several connections, or over none.
    WhichConnection {
        /// The cell.
        place: Place,
        /// The protocol of its source.
        protocol: &'static str,
        /// Connections of that protocol.
        known: Vec<String>,
    },
    /// `base.no_formula`: a calculated tag without a formula.
    NoFormula {
        /// The tag's row.
        place: Place,
        /// The tag.
        id: String,
    },
    /// `base.plant_without_run`: a demand that a run tells, and no run.
    PlantWithoutRun {
        /// The row.
        place: Place,
        /// The plant.
        plant: String,
    },
    /// `base.plant_takes_none`: a plant that takes nothing of a carrier in a run.
    PlantTakesNone {
        /// The row.
        place: Place,
        /// The plant.
        plant: String,
        /// The carrier.
        carrier: &'static str,
    },
    /// `base.run_too_short`: a run that doesn't hold all days of a plan.
    RunTooShort {
        /// The row.
        place: Place,
        /// First and last day of the run.
        run: (Date, Date),
        /// First and last day of the plan.
        plan: (Date, Date),
    },
    /// `base.one_of`: of two entries exactly one must be given.
    OneOf {
        /// The file.
        place: Place,
        /// The entries.
        entries: [&'static str; 2],
    },
}

impl BaseError {
    /// Where the trouble is.
    pub fn place(&self) -> Place {
        match self {
            BaseError::Table(error) => error.place().clone(),
            BaseError::MissingFile { file, .. } => Place::file(file),
            BaseError::BrokenToml { place, .. }
            | BaseError::MissingEntry { place, .. }
            | BaseError::UnknownEntry { place, .. }
            | BaseError::WrongType { place, .. }
            | BaseError::UnknownId { place, .. }
            | BaseError::Semicolons { place, .. }
            | BaseError::NoSuchDay { place, .. }
            | BaseError::UnknownGrade { place, .. }
            | BaseError::UnknownMineral { place, .. }
            | BaseError::UnbalancedBrine { place, .. }
            | BaseError::DuplicateId { place, .. }
            | BaseError::LinkToItself { place, .. }
            | BaseError::LinkEnd { place, .. }
            | BaseError::PlantInItself { place, .. }
            | BaseError::Ring { place, .. }
            | BaseError::DepthOrder { place, .. }
            | BaseError::NotRising { place, .. }
            | BaseError::Shift { place, .. }
            | BaseError::DatesReversed { place, .. }
            | BaseError::DateOutside { place, .. }
            | BaseError::SameDate { place, .. }
            | BaseError::NoSteps { place, .. }
            | BaseError::ProfileLength { place, .. }
            | BaseError::TariffCover { place, .. }
            | BaseError::TwoCurrencies { place, .. }
            | BaseError::MissingPrice { place, .. }
            | BaseError::Formula { place, .. }
            | BaseError::UnknownUnit { place, .. }
            | BaseError::OtherUnit { place, .. }
            | BaseError::AssetLevel { place, .. }
            | BaseError::NotCalculated { place, .. }
            | BaseError::NoFormula { place, .. }
            | BaseError::WhichConnection { place, .. }
            | BaseError::PlantWithoutRun { place, .. }
            | BaseError::PlantTakesNone { place, .. }
            | BaseError::RunTooShort { place, .. }
            | BaseError::OneOf { place, .. } => place.clone(),
        }
    }

    /// Stable code, `base.unknown_id`.
    pub fn code(&self) -> &'static str {
        Message::code(self)
    }

    /// The sentence in a language; `Display` is the English one.
    pub fn text(&self, lang: Lang) -> String {
        Message::text(self, lang)
    }

    /// For a name that nothing reads: the known name that looks like it.
    pub fn likely(&self) -> Option<&str> {
        match self {
            BaseError::UnknownEntry {
                entry: name, known, ..
            }
            | BaseError::UnknownId {
                id: name, known, ..
            }
            | BaseError::UnknownGrade {
                value: name, known, ..
            } => nearest(name, known.iter().map(String::as_str)),
            _ => None,
        }
    }

    /// ` (did you mean “…”?)`, or nothing.
    fn hint(&self, lang: Lang) -> String {
        let near: Vec<String> = match self {
            BaseError::UnknownMineral { near, .. } => {
                near.iter().map(|name| format!("“{name}”")).collect()
            }
            _ => self
                .likely()
                .map(|name| format!("“{name}”"))
                .into_iter()
                .collect(),
        };
        if near.is_empty() {
            return String::new();
        }
        let near = near.join(lang.pick(" or ", "或"));
        lang.pick(
            format!(" (did you mean {near}?)"),
            format!("（是否应为{near}？）"),
        )
    }

    fn evidence(&self, lang: Lang) -> Fields {
        match self {
            BaseError::Table(error) => error.fields(lang),
            BaseError::BrokenToml {
                column, message, ..
            } => {
                vec![("column", column.to_string()), ("message", message.clone())]
            }
            BaseError::MissingFile { file, asked_by } => {
                let asked = asked_by.as_ref().map(|place| {
                    let place = place.text(lang);
                    lang.pick(
                        format!(" (asked for by {place})"),
                        format!("（{place} 所要求）"),
                    )
                });
                vec![
                    ("file", file.clone()),
                    ("asked_by", asked.unwrap_or_default()),
                ]
            }
            BaseError::MissingEntry { entry, meaning, .. } => {
                vec![
                    ("entry", entry.clone()),
                    ("meaning", lang.pick(&meaning.en, &meaning.zh).clone()),
                ]
            }
            BaseError::UnknownEntry { entry, known, .. } => {
                vec![
                    ("entry", entry.clone()),
                    ("hint", self.hint(lang)),
                    ("known", lang.list(known)),
                ]
            }
            BaseError::Semicolons { value, .. } | BaseError::NoSuchDay { value, .. } => {
                vec![("value", value.clone())]
            }
            BaseError::UnknownGrade { value, known, .. } => vec![
                ("value", value.clone()),
                ("hint", self.hint(lang)),
                ("known", lang.list(known)),
            ],
            BaseError::UnknownMineral {
                mineral, database, ..
            } => vec![
                ("mineral", mineral.clone()),
                ("database", database.clone()),
                ("hint", self.hint(lang)),
            ],
            BaseError::UnbalancedBrine {
                id,
                percent,
                limit_percent,
                ..
            } => vec![
                ("id", id.clone()),
                ("percent", format!("{percent:+.0}")),
                ("limit", significant(*limit_percent, 3)),
            ],
            BaseError::WrongType {
                value, accepted, ..
            } => {
                vec![("value", value.clone()), ("accepted", accepted.clone())]
            }
            BaseError::UnknownId { id, known, .. } | BaseError::LinkEnd { id, known, .. } => {
                let none = lang.pick("none", "无").to_string();
                let known = if known.is_empty() {
                    none
                } else {
                    lang.list(known)
                };
                vec![
                    ("id", id.clone()),
                    ("hint", self.hint(lang)),
                    ("known", known),
                ]
            }
            BaseError::DuplicateId { id, first, .. } => {
                vec![("id", id.clone()), ("first", first.text(lang))]
            }
            BaseError::LinkToItself { id, .. }
            | BaseError::NoSteps { id, .. }
            | BaseError::MissingPrice { id, .. }
            | BaseError::NoFormula { id, .. } => {
                vec![("id", id.clone())]
            }
            BaseError::ProfileLength {
                rows,
                steps,
                step_min,
                ..
            } => vec![
                ("rows", rows.to_string()),
                ("steps", steps.to_string()),
                ("step", step_min.to_string()),
            ],
            BaseError::TariffCover {
                tariff,
                month,
                clock,
                rows,
                ..
            } => vec![
                ("tariff", tariff.clone()),
                ("month", month.to_string()),
                ("clock", clock.clone()),
                ("rows", rows.to_string()),
            ],
            BaseError::TwoCurrencies {
                currency,
                first,
                first_place,
                ..
            } => vec![
                ("currency", currency.clone()),
                ("first", first.clone()),
                ("first_place", first_place.text(lang)),
            ],
            BaseError::PlantInItself { plants, .. } => vec![("plants", plants.join(" → "))],
            BaseError::Ring { ponds, .. } => vec![("ponds", ponds.join(" → "))],
            BaseError::DepthOrder {
                depth_m_min,
                depth_m_target,
                depth_m_max,
                ..
            } => vec![
                ("min", significant(*depth_m_min, 6)),
                ("target", significant(*depth_m_target, 6)),
                ("max", significant(*depth_m_max, 6)),
            ],
            BaseError::NotRising { value, before, .. } => {
                vec![("value", value.clone()), ("before", before.clone())]
            }
            BaseError::Shift { value, .. } => vec![("value", value.clone())],
            BaseError::DatesReversed { from, to, .. } => {
                vec![("from", from.to_string()), ("to", to.to_string())]
            }
            BaseError::DateOutside { date, from, to, .. } => {
                vec![
                    ("date", date.to_string()),
                    ("from", from.to_string()),
                    ("to", to.to_string()),
                ]
            }
            BaseError::SameDate { id, first_row, .. } => {
                vec![("id", id.clone()), ("first_row", first_row.to_string())]
            }
            BaseError::Formula { error, .. } => error.fields(lang),
            BaseError::UnknownUnit { unit, accepted, .. } => {
                let near = nearest(unit, accepted.iter().copied()).map(|near| {
                    lang.pick(
                        format!(" (did you mean “{near}”?)"),
                        format!("（是否应为“{near}”？）"),
                    )
                });
                vec![
                    ("unit", unit.clone()),
                    ("hint", near.unwrap_or_default()),
                    ("accepted", lang.list(accepted)),
                ]
            }
            BaseError::OtherUnit {
                id, unit, accepted, ..
            } => vec![
                ("id", id.clone()),
                ("unit", unit.to_string()),
                ("accepted", accepted.to_string()),
            ],
            BaseError::AssetLevel {
                level,
                parent,
                above,
                ..
            } => vec![
                ("level", level.to_string()),
                ("parent", parent.clone()),
                ("above", above.to_string()),
            ],
            BaseError::NotCalculated { id, source, .. } => {
                vec![("id", id.clone()), ("source", source.clone())]
            }
            BaseError::WhichConnection {
                protocol, known, ..
            } => vec![
                ("protocol", protocol.to_string()),
                (
                    "known",
                    match known.is_empty() {
                        true => lang.pick("no connection", "无连接").into(),
                        false => lang.list(known),
                    },
                ),
            ],
            BaseError::PlantWithoutRun { plant, .. } => vec![("plant", plant.clone())],
            BaseError::PlantTakesNone { plant, carrier, .. } => {
                vec![("plant", plant.clone()), ("carrier", carrier.to_string())]
            }
            BaseError::RunTooShort { run, plan, .. } => vec![
                ("run_from", run.0.to_string()),
                ("run_to", run.1.to_string()),
                ("from", plan.0.to_string()),
                ("to", plan.1.to_string()),
            ],
            BaseError::OneOf {
                entries: [a, b], ..
            } => vec![("a", a.to_string()), ("b", b.to_string())],
        }
    }
}

impl Message for BaseError {
    fn code(&self) -> &'static str {
        match self {
            BaseError::Table(error) => error.code(),
            BaseError::BrokenToml { .. } => "base.broken_toml",
            BaseError::MissingFile { .. } => "base.missing_file",
            BaseError::MissingEntry { .. } => "base.missing_entry",
            BaseError::UnknownEntry { .. } => "base.unknown_entry",
            BaseError::WrongType { .. } => "base.wrong_type",
            BaseError::UnknownId { .. } => "base.unknown_id",
            BaseError::Semicolons { .. } => "base.semicolons",
            BaseError::NoSuchDay { .. } => "base.no_such_day",
            BaseError::UnknownGrade { .. } => "base.unknown_grade",
            BaseError::UnknownMineral { .. } => "base.unknown_mineral",
            BaseError::UnbalancedBrine { .. } => "base.unbalanced_brine",
            BaseError::DuplicateId { .. } => "base.duplicate_id",
            BaseError::LinkToItself { .. } => "base.link_to_itself",
            BaseError::LinkEnd { .. } => "base.link_end",
            BaseError::PlantInItself { .. } => "base.plant_in_itself",
            BaseError::Ring { .. } => "base.ring",
            BaseError::DepthOrder { .. } => "base.depth_order",
            BaseError::NotRising { .. } => "base.not_rising",
            BaseError::Shift { .. } => "base.shift",
            BaseError::DatesReversed { .. } => "base.dates_reversed",
            BaseError::DateOutside { .. } => "base.date_outside",
            BaseError::SameDate { .. } => "base.same_date",
            BaseError::NoSteps { .. } => "base.no_steps",
            BaseError::ProfileLength { .. } => "base.profile_length",
            BaseError::TariffCover { .. } => "base.tariff_cover",
            BaseError::TwoCurrencies { .. } => "base.two_currencies",
            BaseError::MissingPrice { .. } => "base.missing_price",
            BaseError::PlantWithoutRun { .. } => "base.plant_without_run",
            BaseError::PlantTakesNone { .. } => "base.plant_takes_none",
            BaseError::RunTooShort { .. } => "base.run_too_short",
            BaseError::OneOf { .. } => "base.one_of",
            BaseError::Formula { .. } => "base.formula",
            BaseError::UnknownUnit { .. } => "base.unknown_unit",
            BaseError::OtherUnit { .. } => "base.other_unit",
            BaseError::AssetLevel { .. } => "base.asset_level",
            BaseError::NotCalculated { .. } => "base.not_calculated",
            BaseError::NoFormula { .. } => "base.no_formula",
            BaseError::WhichConnection { .. } => "base.which_connection",
        }
    }

    fn fields(&self, lang: Lang) -> Fields {
        let mut fields = vec![("place", self.place().text(lang))];
        fields.extend(self.evidence(lang));
        fields
    }

    fn catalogue(&self) -> &'static Catalogue {
        match self {
            BaseError::Table(error) => error.catalogue(),
            _ => catalogue(),
        }
    }

    fn text(&self, lang: Lang) -> String {
        match self {
            BaseError::Table(error) => error.text(lang),
            _ => self
                .catalogue()
                .render(Message::code(self), lang, &self.fields(lang)),
        }
    }
}

impl From<TableError> for BaseError {
    fn from(error: TableError) -> Self {
        BaseError::Table(error)
    }
}

impl std::fmt::Display for BaseError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for BaseError {}
