//! What our server shows: folders and variables, as plain data, and how they become nodes.

use std::collections::HashSet;

use opcua_nodes::{ObjectBuilder, ReferenceDirection, VariableBuilder};
use opcua_server::address_space::{AccessLevel, AddressSpace};
use opcua_types::{
    DataTypeId, ExtensionObject, LocalizedText, NodeId, ObjectId, QualifiedName, Range,
    ReferenceTypeId, VariableTypeId, Variant,
};
use saltern_base::model::Label;
use saltern_base::tags::{Quantity, Tags};
use saltern_units::Lang;

use crate::opcua::units;

/// What a variable holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number.
    Number,
    /// A state by its number.
    State,
    /// On or off.
    Switch,
}

/// A folder.
#[derive(Clone, Debug, PartialEq)]
pub struct Folder {
    /// Id; the node is `s=asset/ID`.
    pub id: String,
    /// Name in both languages.
    pub name: Label,
    /// The folder that it lies in, by its place in the list.
    pub parent: Option<usize>,
}

/// A variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Id; the node is `s=ID`.
    pub id: String,
    /// Name in both languages.
    pub name: Label,
    /// The folder that it lies in, by its place in the list.
    pub folder: Option<usize>,
    /// Symbol of its unit.
    pub unit: Option<String>,
    /// Least and greatest value.
    pub range: Option<(f64, f64)>,
    /// What it holds.
    pub kind: Kind,
    /// Whether it can be written to where the server takes writes at all.
    pub writable: bool,
}

/// All that a server shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Space {
    /// Namespace of all its nodes.
    pub namespace: String,
    /// Folders.
    pub folders: Vec<Folder>,
    /// Variables; values are told of by their place in this list.
    pub points: Vec<Point>,
}

impl Space {
    /// The assets of a base as folders, a level within the level above it, and its tags as variables, in the order of the
    /// tables.
    pub fn of_base(namespace: &str, live: &Tags) -> Space {
        let folder = |asset: &saltern_base::tags::Asset| Folder {
            id: asset.who.id.clone(),
            name: asset.who.name.clone(),
            parent: asset.parent,
        };
        let point = |tag: &saltern_base::tags::Tag| Point {
            id: tag.who.id.clone(),
            name: tag.who.name.clone(),
            folder: Some(tag.asset),
            unit: Some(tag.unit.symbol.to_string()),
            range: tag.low.zip(tag.high),
            kind: match tag.quantity {
                Quantity::State => Kind::State,
                _ => Kind::Number,
            },
            writable: tag.writing.is_some(),
        };
        Space {
            namespace: namespace.to_string(),
            folders: live.assets.iter().map(folder).collect(),
            points: live.tags.iter().map(point).collect(),
        }
    }

    /// The first id that stands there twice, which no server could show.
    pub(super) fn doubled(&self) -> Option<&str> {
        let mut seen = HashSet::new();
        let folders = self.folders.iter().map(|folder| (true, &folder.id));
        let points = self.points.iter().map(|point| (false, &point.id));
        let doubled = folders.chain(points).find(|id| !seen.insert(*id));
        doubled.map(|(_, id)| id.as_str())
    }
}

/// The node of a variable.
pub(super) fn point_id(index: u16, id: &str) -> NodeId {
    NodeId::new(index, id)
}

/// Makes the nodes. `index` is that of our namespace. Names are in one language and descriptions in the other, because the
/// protocol crate does not tell which language a client asked for.
pub(super) fn build(space: &Space, index: u16, lang: Lang, to: &mut AddressSpace) {
    let folder_id = |at: Option<usize>| match at.and_then(|at| space.folders.get(at)) {
        Some(folder) => NodeId::new(index, format!("asset/{}", folder.id)),
        None => ObjectId::ObjectsFolder.into(),
    };
    for (at, folder) in space.folders.iter().enumerate() {
        let (name, description) = names(&folder.name, lang);
        ObjectBuilder::new(
            &folder_id(Some(at)),
            QualifiedName::new(index, folder.id.as_str()),
            name,
        )
        .description(description)
        .is_folder()
        .organized_by(folder_id(folder.parent))
        .insert(to);
    }
    for point in &space.points {
        variable(point, &space.namespace, index, lang)
            .organized_by(folder_id(point.folder))
            .insert(to);
        properties(point, &space.namespace, index, to);
    }
}

fn names(label: &Label, lang: Lang) -> (LocalizedText, LocalizedText) {
    let text = |lang: Lang| LocalizedText::new(lang.pick("en", "zh-CN"), label.text(lang));
    match lang {
        Lang::En => (text(Lang::En), text(Lang::Zh)),
        Lang::Zh => (text(Lang::Zh), text(Lang::En)),
    }
}

fn variable(point: &Point, _namespace: &str, index: u16, lang: Lang) -> VariableBuilder {
    let (name, description) = names(&point.name, lang);
    let (data_type, empty) = match point.kind {
        Kind::Number => (DataTypeId::Double, Variant::Double(0.0)),
        Kind::State => (DataTypeId::Int32, Variant::Int32(0)),
        Kind::Switch => (DataTypeId::Boolean, Variant::Boolean(false)),
    };
    let definition = match (point.kind, &point.range, &point.unit) {
        (Kind::Number, Some(_), _) => VariableTypeId::AnalogItemType,
        (Kind::Number, None, Some(_)) => VariableTypeId::AnalogUnitType,
        _ => VariableTypeId::BaseDataVariableType,
    };
    let access = if point.writable {
        AccessLevel::CURRENT_READ | AccessLevel::CURRENT_WRITE
    } else {
        AccessLevel::CURRENT_READ
    };
    VariableBuilder::new(
        &point_id(index, &point.id),
        QualifiedName::new(index, point.id.as_str()),
        name,
    )
    .description(description)
    .data_type(data_type)
    .value(empty)
    .access_level(access)
    .user_access_level(access)
    .has_type_definition(definition)
}

/// Range and unit of a number.
fn properties(point: &Point, namespace: &str, index: u16, to: &mut AddressSpace) {
    if point.kind != Kind::Number {
        return;
    }
    let mut property = |name: &str, data_type: DataTypeId, value: ExtensionObject| {
        VariableBuilder::new(
            &NodeId::new(index, format!("{}/{name}", point.id)),
            QualifiedName::new(0, name),
            LocalizedText::new("", name),
        )
        .data_type(data_type)
        .value(Variant::from(value))
        .has_type_definition(VariableTypeId::PropertyType)
        .reference(
            point_id(index, &point.id),
            ReferenceTypeId::HasProperty,
            ReferenceDirection::Inverse,
        )
        .insert(to);
    };
    if let Some((low, high)) = point.range {
        let range = ExtensionObject::from_message(Range { low, high });
        property("EURange", DataTypeId::Range, range);
    }
    if let Some(unit) = &point.unit {
        let unit = ExtensionObject::from_message(units::information(unit, namespace));
        property("EngineeringUnits", DataTypeId::EUInformation, unit);
    }
}
