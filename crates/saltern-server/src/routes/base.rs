//! What the base is: its assets, its ponds on the map, its tags.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use saltern_base::model::{Base, End, Label};
use serde::Serialize;
use utoipa::ToSchema;

use super::views::{ms, number, sentence};
use crate::access::Caller;
use crate::house::House;
use crate::operation::{Lake, Live};
use crate::problem::{Problem, Sentence};

/// A base.
#[derive(Serialize, ToSchema)]
pub(super) struct BaseView {
    /// Id.
    id: String,
    /// Name.
    name: Sentence,
    /// What is not measured about it; to be shown wherever its figures are.
    caveats: Vec<Sentence>,
    /// Rises with every change of the base folder; numbers of tags hold within one.
    generation: u64,
    /// Whether the plant may be written to at all.
    writes: bool,
    /// The plant's clock, milliseconds since 1970 UTC.
    now_ms: f64,
    /// How fast that clock runs; 1 unless the plant is a played one.
    speed: f64,
    /// Whether the plant is a played one: nothing of it is real.
    played: bool,
    /// Hours by which the base's standard time is ahead of UTC.
    utc_offset_h: f64,
    /// Assets that may be seen, a whole before its parts.
    assets: Vec<AssetView>,
    /// Ponds with their outlines.
    ponds: Vec<PondView>,
    /// What is no pond: where brine comes from and where it goes.
    places: Vec<PlaceView>,
    /// Brine's ways from unit to unit.
    links: Vec<LinkView>,
    /// Campaigns of each year, where no plan says otherwise.
    harvests: Vec<HarvestView>,
}

/// A campaign of each year.
#[derive(Serialize, ToSchema)]
pub(super) struct HarvestView {
    /// Id.
    id: String,
    /// Id of the pond.
    pond: String,
    /// Month of its first day, 1 to 12.
    month: i8,
    /// Day of that month.
    day: i8,
    /// How many days it lasts.
    days: u32,
}

/// Something that tags tell of.
#[derive(Serialize, ToSchema)]
pub(super) struct AssetView {
    /// Id.
    id: String,
    /// Name.
    name: Sentence,
    /// ISA-95 level.
    level: &'static str,
    /// Id of what it is a part of.
    parent: Option<String>,
    /// The node of the base that it is.
    node: Option<String>,
    /// Enterprise.
    tenant: Option<String>,
}

/// A pond.
#[derive(Serialize, ToSchema)]
pub(super) struct PondView {
    /// Id.
    id: String,
    /// Name.
    name: Sentence,
    /// Corners in metres from a corner of the base; empty where no map is given.
    outline_m: Vec<[f64; 2]>,
    /// Area, m².
    area_m2: f64,
    /// What it is meant to drop: `halite`, `carnallite`, …
    stage: String,
    /// Depth below which nothing is drawn from it, m.
    depth_min_m: f64,
    /// Depth that its inflow keeps, m.
    depth_target_m: f64,
    /// Crest: brine above this depth overflows, m.
    depth_max_m: f64,
}

/// Something that is no pond.
#[derive(Serialize, ToSchema)]
pub(super) struct PlaceView {
    /// Id.
    id: String,
    /// Name.
    name: Sentence,
    /// `source`, `outlet`, `plant`; `power` for what gives, stores or trades energy, `hall` for computers.
    kind: &'static str,
}

/// A way of brine.
#[derive(Serialize, ToSchema)]
pub(super) struct LinkView {
    /// Id.
    id: String,
    /// Id of the pond that it leaves.
    from: String,
    /// Id of the pond or outlet that it enters.
    to: String,
    /// Most that it carries, m³/h; null where nothing limits it.
    capacity_m3_h: Option<f64>,
}

/// The base.
#[utoipa::path(get, path = "/api/base", tag = "base", responses(
    (status = 200, body = BaseView), (status = "4XX", body = Problem)
))]
pub(super) async fn base(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
) -> Json<BaseView> {
    let live = house.live();
    let lake = &live.lake;
    let base = lake.base.as_ref();
    let ponds = base.map_or(&[][..], |base| &base.ponds);
    let demo = house.demo.as_ref().map(|demo| demo.status());
    Json(BaseView {
        id: lake.id.clone(),
        name: sentence(&lake.name),
        caveats: lake.caveats.iter().map(sentence).collect(),
        generation: live.generation,
        writes: house.allow_writes,
        now_ms: ms(house.now_us()),
        speed: demo.as_ref().map_or(1.0, |demo| demo.speed),
        played: demo.is_some(),
        utc_offset_h: base.map_or(0.0, |base| base.site.utc_offset_h),
        places: places(lake),
        assets: assets(&live, &caller),
        ponds: ponds
            .iter()
            .map(|pond| PondView {
                id: pond.id.clone(),
                name: sentence(&pond.name),
                outline_m: pond.outline_m.iter().map(|(x, y)| [*x, *y]).collect(),
                area_m2: pond.area_m2,
                stage: pond.stage.clone(),
                depth_min_m: pond.depth_m_min,
                depth_target_m: pond.depth_m_target,
                depth_max_m: pond.depth_m_max,
            })
            .collect(),
        links: base.map_or_else(Vec::new, links),
        harvests: base.map_or_else(Vec::new, harvests),
    })
}

fn assets(live: &Live, caller: &Caller) -> Vec<AssetView> {
    let tags = &live.lake.tags;
    let own = |tenant: Option<&str>| {
        caller.tenant.is_none() || tenant.is_none() || tenant == caller.tenant.as_deref()
    };
    let assets = tags.assets.iter().enumerate();
    let seen = assets.filter(|(i, _)| own(tags.tenant(*i)));
    seen.map(|(i, asset)| AssetView {
        id: asset.who.id.clone(),
        name: sentence(&asset.who.name),
        level: asset.level_name,
        parent: asset
            .parent
            .map(|parent| tags.assets[parent].who.id.clone()),
        node: asset.node.clone(),
        tenant: tags.tenant(i).map(String::from),
    })
    .collect()
}

/// A tag.
#[derive(Serialize, ToSchema)]
pub(super) struct TagView {
    /// Id.
    id: String,
    /// Number, by which streams and lists of values name it.
    n: u32,
    /// Name.
    name: Sentence,
    /// Id of its asset.
    asset: String,
    /// Unit of its values.
    unit: &'static str,
    /// What it measures.
    quantity: &'static str,
    /// Component of an assay.
    component: Option<String>,
    /// Least value that the instrument can give.
    low: Option<f64>,
    /// Greatest value that the instrument can give.
    high: Option<f64>,
    /// Least step between values.
    resolution: Option<f64>,
    /// Where values come from.
    source: String,
    /// How often a value is expected, s.
    period_s: f64,
    /// How it may be written to; null where it may not.
    writing: Option<WritingView>,
}

/// How a tag may be written to.
#[derive(Serialize, ToSchema)]
pub(super) struct WritingView {
    /// Least value.
    low: f64,
    /// Greatest value.
    high: f64,
    /// Whether a second person must agree.
    two_persons: bool,
}

/// Tags that may be seen.
#[utoipa::path(get, path = "/api/tags", tag = "base", responses(
    (status = 200, body = Vec<TagView>), (status = "4XX", body = Problem)
))]
pub(super) async fn tags(
    State(house): State<Arc<House>>,
    Extension(caller): Extension<Caller>,
) -> Json<Vec<TagView>> {
    let live = house.live();
    let tags = (0u32..).zip(&live.lake.tags.tags);
    let seen = tags.filter(|(row, _)| caller.sees(&live, *row));
    let views = seen.map(|(row, tag)| TagView {
        id: tag.who.id.clone(),
        n: row,
        name: sentence(&tag.who.name),
        asset: live.lake.tags.assets[tag.asset].who.id.clone(),
        unit: tag.unit.symbol,
        quantity: tag.quantity.name(),
        component: tag.component.clone(),
        low: tag.low,
        high: tag.high,
        resolution: tag.resolution,
        source: tag.source.text(),
        period_s: tag.period_s,
        writing: tag.writing.map(|writing| WritingView {
            low: writing.low,
            high: writing.high,
            two_persons: writing.two_persons,
        }),
    });
    Json(views.collect())
}

fn places(lake: &Lake) -> Vec<PlaceView> {
    let place = |kind, id: &str, name: &Label| PlaceView {
        id: id.into(),
        name: sentence(name),
        kind,
    };
    let base = lake.base.iter();
    let of_brine = base.flat_map(|base| {
        let sources = base.sources.iter().map(|s| place("source", &s.id, &s.name));
        let outlets = base.outlets.iter().map(|o| place("outlet", &o.id, &o.name));
        let plants = base.plants.iter();
        let plants = plants.map(|p| place("plant", &p.id, &p.file.name));
        sources.chain(outlets).chain(plants)
    });
    let of_power = lake.power.iter();
    let of_power = of_power.map(|unit| place(unit.kind, &unit.id, &unit.name));
    of_brine.chain(of_power).collect()
}

fn links(base: &Base) -> Vec<LinkView> {
    let end = |end: &End| match end {
        End::Pond(pond) => base.ponds[*pond].id.clone(),
        End::Source(source) => base.sources[*source].id.clone(),
        End::Outlet(outlet) => base.outlets[*outlet].id.clone(),
    };
    let links = base.links.iter();
    links
        .map(|link| LinkView {
            id: link.id.clone(),
            from: end(&link.from),
            to: end(&link.to),
            capacity_m3_h: number(link.capacity_m3_s * 3600.0),
        })
        .collect()
}

fn harvests(base: &Base) -> Vec<HarvestView> {
    let view = |harvest: &saltern_base::model::Harvest| HarvestView {
        id: harvest.id.clone(),
        pond: base.ponds[harvest.pond].id.clone(),
        month: harvest.start.0,
        day: harvest.start.1,
        days: harvest.days,
    };
    base.harvests.iter().map(view).collect()
}
