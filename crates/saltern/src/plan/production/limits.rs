//! What binds a plan of production and what it leaves undone, in words.

use saltern_base::model::Base;
use saltern_base::production::Production;
use saltern_plan::production::undone::{Doable, Told, Undone};
use saltern_plan::production::{Binding, Name, ProductionPlan};
use saltern_run::contents::Name as Words;
use saltern_run::plan::{BindingAnswer, UndoneAnswer};
use saltern_units::Lang;
use saltern_units::message::Message;
use saltern_units::place::Place;

/// The limits of a plan that stand in the way, the most worth first.
pub(super) fn bindings(
    base: &Base,
    production: &Production,
    plan: &ProductionPlan,
) -> Vec<BindingAnswer> {
    let told = |binding: &Binding| BindingAnswer {
        what: words(base, production, &binding.name),
        from: plan.steps[binding.from].first.to_string(),
        to: plan.steps[binding.to].last().to_string(),
        worth: binding.worth,
        id: binding
            .what()
            .map_or_else(String::new, |what| what.id(base, production)),
        places: binding
            .what()
            .map_or_else(Vec::new, |what| rows(&what.places(base, production))),
    };
    plan.bindings.iter().map(told).collect()
}

/// What the plan leaves undone, and why.
pub(super) fn undone(
    base: &Base,
    production: &Production,
    plan: &ProductionPlan,
) -> Vec<UndoneAnswer> {
    let answer = |undone: &Undone| {
        let told = Told {
            undone,
            base,
            production,
        };
        UndoneAnswer {
            id: undone.id(base, production),
            of: match undone.of {
                Doable::Harvest(_) => "harvest",
                Doable::Plant(_) => "plant",
                Doable::Flow(_) => "flow",
            }
            .into(),
            from: plan.steps[undone.from].first.to_string(),
            to: plan.steps[undone.to].last().to_string(),
            left: undone.left,
            because: told.code().into(),
            why: Words {
                en: told.text(Lang::En),
                zh: told.text(Lang::Zh),
            },
            worth: undone.worth,
            places: rows(&undone.places(base, production)),
        }
    };
    plan.undone.iter().map(answer).collect()
}

fn rows(places: &[Place]) -> Vec<String> {
    let texts = places.iter().map(|place| place.text(Lang::En));
    texts.collect()
}

fn words(base: &Base, production: &Production, name: &Name) -> Words {
    let both = |id: &str| (id.to_string(), id.to_string());
    let product = |i: usize| both(&production.products[i].name);
    let route = |r: usize| both(&production.routes[r].id);
    let harvest = |c: usize| both(&base.harvests[production.harvests[c].harvest].id);
    // What is limited, and the words around it in English and Chinese.
    let ((en, zh), before_en, (before, after)) = match *name {
        Name::Feed(p) => {
            let name = &base.plants[p].file.name;
            let names = (name.en.clone(), name.zh.clone());
            (names, "capacity of plant", ("装置“", "”的能力"))
        }
        Name::Take(c) => (harvest(c), "rate of harvest", ("采收", "的速率")),
        Name::Sold(i) => (product(i), "demand for", ("", "的市场需求")),
        Name::Store(i) => (product(i), "room at the base for", ("基地", "库容")),
        Name::Wagons(r) => (route(r), "wagons of", ("", "车皮数")),
        Name::Warehouse(r) => (route(r), "warehouse of", ("", "外地仓库容")),
        Name::Crew(c) => {
            let crew = production.harvests[c].crew.as_deref();
            (both(crew.unwrap_or_default()), "crew", ("班组", ""))
        }
        // Only the limits above are told of.
        _ => (both(""), "", ("", "")),
    };
    Words {
        en: format!("{before_en} {en}"),
        zh: format!("{before}{zh}{after}"),
    }
}
