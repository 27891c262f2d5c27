//! What only a thermodynamic database can judge: the names of minerals and elements in the files of
//! a base, each with its place, so that whoever opens the database can refuse the ones it lacks.

use crate::document::{Document, FILE};
use crate::error::BaseError;
use crate::state::FLOOR;
use saltern_units::place::Place;
use saltern_units::table::{Cell, Table};

/// A name that a file gives, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name as written.
    pub name: String,
    /// Where it stands.
    pub place: Place,
}

/// Grades that need no database: what a rule may measure besides an element.
pub const GRADES: [&str; 2] = ["density", "water_activity"];

/// Minerals named in `floors.csv`, given its text. Nothing where the table can't be read:
/// [`crate::folder::read`] says so.
pub fn floor_minerals(text: &str) -> Vec<Named> {
    column("floors.csv", text, "mineral")
}

/// Minerals that a state table has columns for.
pub fn state_minerals(file: &str, text: &str) -> Vec<Named> {
    let Ok(table) = Table::read(file, text) else {
        return Vec::new();
    };
    let named = |(i, header): (usize, &saltern_units::table::Header)| {
        Some(Named {
            name: header.name.strip_prefix(FLOOR)?.trim().into(),
            place: table.header_place(i),
        })
    };
    table.columns.iter().enumerate().filter_map(named).collect()
}

/// Elements that the grade rules of `links.csv` measure, given its text.
pub fn grade_elements(text: &str) -> Vec<Named> {
    let mut named = column("links.csv", text, "grade_quantity");
    named.retain(|n| !GRADES.contains(&n.name.as_str()));
    named
}

/// An error for each grade that is none of the elements.
pub fn refuse_grades(text: &str, elements: &[String]) -> Vec<BaseError> {
    let known: Vec<String> = GRADES
        .iter()
        .map(|grade| grade.to_string())
        .chain(elements.iter().cloned())
        .collect();
    let mut grades = grade_elements(text);
    grades.retain(|grade| !known.contains(&grade.name));
    let error = |grade: Named| BaseError::UnknownGrade {
        place: grade.place,
        value: grade.name,
        known: known.clone(),
    };
    grades.into_iter().map(error).collect()
}

/// An error for each grade of `choices.csv` whose element is none, given its text.
pub fn refuse_elements(text: &str, elements: &[String]) -> Vec<BaseError> {
    let named = column("choices.csv", text, "element").into_iter();
    let unknown = named.filter(|named| !elements.contains(&named.name));
    let error = |named: Named| BaseError::UnknownGrade {
        place: named.place,
        value: named.name,
        known: elements.to_vec(),
    };
    unknown.map(error).collect()
}

/// Where an entry of the section `[chemistry]` stands, given the text of `base.toml`.
pub fn entry(text: &str, name: &str) -> Place {
    // What is wrong with the file was told when the base was read.
    match Document::parse(text, &mut Vec::new()) {
        Some(document) => document.place_of("chemistry", name),
        None => Place::entry(FILE, format!("chemistry.{name}")),
    }
}

/// What a column of a table names.
fn column(file: &str, text: &str, name: &str) -> Vec<Named> {
    let Ok(table) = Table::read(file, text) else {
        return Vec::new();
    };
    let named = |cell: Cell<'_>| Named {
        name: cell.raw().into(),
        place: cell.place(),
    };
    table
        .find(name)
        .into_iter()
        .flat_map(|column| table.cells(column))
        .filter(|cell| !cell.is_blank())
        .map(named)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grade_of_an_unknown_element_is_refused_with_its_cell_and_what_is_accepted() {
        let links =
            "id,rule,grade_quantity\na,grade,density\nb,grade,Mg\nc,grade,Xx\nd,overflow,\n";
        let elements = ["Na", "Mg", "Li"].map(String::from);
        let errors = refuse_grades(links, &elements);
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!(
            errors[0].to_string(),
            "links.csv, row 4, column grade_quantity: no brine has a grade “Xx”; \
             accepted: density, water_activity, Na, Mg, Li"
        );
        assert!(
            refuse_grades("id,grade_quantity\na,densty\n", &elements)[0]
                .to_string()
                .contains("did you mean “density”?")
        );
    }

    #[test]
    fn minerals_are_found_where_floors_and_states_name_them() {
        let floors = floor_minerals("pond,mineral,thickness [m]\np1,Halite,0.3\np2,Halit,0.1\n");
        let said: Vec<String> = floors
            .iter()
            .map(|n| format!("{}: {}", n.place, n.name))
            .collect();
        assert_eq!(
            said,
            [
                "floors.csv, row 2, column mineral: Halite",
                "floors.csv, row 3, column mineral: Halit"
            ]
        );
        let state = state_minerals("s.csv", "pond,depth [m],floor Halit [cm]\np1,0.3,4\n");
        assert_eq!(state.len(), 1);
        assert_eq!(
            (state[0].name.as_str(), state[0].place.to_string().as_str()),
            ("Halit", "s.csv, row 1, column floor Halit [cm]")
        );
    }

    #[test]
    fn an_entry_of_the_chemistry_is_found_by_its_line() {
        let text = "[base]\nname = \"x\"\n[chemistry]\ndatabase = \"gone.dat\"\n";
        assert_eq!(
            entry(text, "database").to_string(),
            "base.toml, line 4, chemistry.database"
        );
        assert_eq!(
            entry("[[", "phases").to_string(),
            "base.toml, chemistry.phases"
        );
    }
}
