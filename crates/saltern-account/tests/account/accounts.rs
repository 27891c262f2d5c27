//! Statement, recovery, Sankey and grades of a small book.

use crate::fixture::{book, statement};
use saltern_account::carbon::{Choice, Total, data, footprint};
use saltern_account::grades::{self, Verdict, grade};
use saltern_account::recovery::stages;
use saltern_account::sankey::{Carrier, of_footprint, sankey};
use saltern_account::statement::Statement;

fn near(got: f64, expected: f64) {
    assert!(
        (got - expected).abs() <= 1e-9 * expected.abs().max(1.0),
        "{got} for {expected}"
    );
}

fn path(nodes: &[&str]) -> Vec<Vec<String>> {
    nodes
        .iter()
        .map(|n| n.split('|').map(String::from).collect())
        .collect()
}

#[test]
fn a_statement_sums_the_book_and_its_parts_add_up() {
    book().close().unwrap().require(1e-12).unwrap();
    let whole = Statement::of_book(&book());
    let parts = [Statement::of(&book(), 0..1), Statement::of(&book(), 1..2)];
    for (i, flow) in whole.flows.iter().enumerate() {
        near(
            parts.iter().map(|p| p.flows[i].elements_kg[0]).sum(),
            flow.elements_kg[0],
        );
        near(parts.iter().map(|p| p.flows[i].mass_kg).sum(), flow.mass_kg);
    }
    near(whole.flows[0].elements_kg[0], 100e3);
    near(whole.stock_change_kg(2, 0), 10e3);
    // One part's closing stock is the next one's opening stock.
    near(
        parts[0].nodes[2].closing_kg[0],
        parts[1].nodes[2].opening_kg[0],
    );
    near(parts[0].nodes[2].opening_kg[0], 50e3);
    near(parts[1].nodes[2].closing_kg[0], 60e3);
}

#[test]
fn recovery_is_followed_stage_by_stage_and_nothing_is_lost() {
    let k = stages(&statement(), "K", &path(&["p1", "plant", "rail"])).unwrap();
    let percent = |x: Option<f64>| 100.0 * x.unwrap();
    near(percent(k[0].recovery()), 85.0);
    near(percent(k[1].recovery()), 100.0 * 60.0 / 85.0);
    near(percent(k[2].recovery()), 100.0);
    near(k[0].stock_change_kg, 10e3);
    near(percent(k[0].recovery_of_throughput()), 100.0 * 85.0 / 90.0);
    assert_eq!(k[0].elsewhere_kg[0].0, "ground");
    for element in ["K", "Li", "Cl", "O"] {
        for stage in stages(&statement(), element, &path(&["p1", "plant", "rail"])).unwrap() {
            assert!(stage.closure() < 1e-12, "{element} {:?}", stage);
        }
    }
    // Stages are groups of nodes: what moves within one doesn't count.
    let together = stages(&statement(), "K", &path(&["p1|plant", "rail"])).unwrap();
    near(percent(together[0].recovery()), 60.0);
    let error = stages(&statement(), "Kx", &path(&["p1"])).unwrap_err();
    assert!(error.to_string().contains("did you mean “K”"), "{error}");
}

#[test]
fn a_sankey_balances_at_every_node_that_keeps_stock() {
    let diagram = sankey(&statement(), Carrier::Element("Li"), 0.0).unwrap();
    for (i, node) in diagram
        .nodes
        .iter()
        .enumerate()
        .filter(|(_, n)| ["p1", "plant"].contains(&n.id.as_str()))
    {
        let sum = |into: bool| -> f64 {
            let links = diagram
                .links
                .iter()
                .filter(|l| if into { l.to == i } else { l.from == i });
            links.map(|l| l.amount).sum()
        };
        near(sum(true) - sum(false), node.stock_change);
    }
    assert_eq!(diagram.links[0].streams, ["wells.p1"]);
    near(diagram.links[0].amount, 10.0);
    let mass = sankey(&statement(), Carrier::Mass, 0.05).unwrap();
    assert!(
        mass.links
            .iter()
            .all(|l| l.amount >= 0.05 * mass.links[0].amount)
    );
    assert!(mass.links.len() < statement().flows.len());
}

#[test]
fn what_a_base_used_has_a_footprint_with_scopes_apart() {
    let choices = [
        Choice::of("electricity", "grid-cn-qinghai-2022"),
        Choice::of("natural_gas", "natural-gas-cn"),
    ];
    let result = footprint(&statement().uses(), &data::factors().unwrap(), &choices).unwrap();
    assert!(matches!(result.total, Total::Direct(_)));
    let scopes: Vec<(String, f64)> = result
        .by_scope()
        .into_iter()
        .map(|(s, kg)| (s.text(), kg))
        .collect();
    let of = |scope: &str| scopes.iter().find(|(s, _)| s == scope).unwrap().1;
    near(of("2"), 120e3 * 0.1567);
    near(of("1"), 20e3 * 2.1622);
    assert_eq!(result.without_factor, ["water"]);

    // The same as a diagram: all of it leads from what is used to who uses it, and what lacks a factor is told.
    let diagram = of_footprint(Some(&result));
    near(
        diagram.links.iter().map(|l| l.amount).sum(),
        result.total.kg() / 1000.0,
    );
    for link in &diagram.links {
        let used: f64 = result
            .lines
            .iter()
            .filter(|line| {
                (line.what.as_str(), line.by.as_str())
                    == (
                        diagram.nodes[link.from].id.as_str(),
                        diagram.nodes[link.to].id.as_str(),
                    )
            })
            .map(|line| line.kg)
            .sum();
        near(1000.0 * link.amount, used);
    }
    assert_eq!(
        (diagram.unit, diagram.unknown),
        ("tCO2e", vec!["water".to_string()])
    );
    // A credit leads back.
    let mut credit = result;
    credit.lines[0].kg = -1000.0;
    let back = of_footprint(Some(&credit));
    let link = back.links.iter().find(|l| l.amount == 1.0).unwrap();
    assert_eq!(back.nodes[link.to].id, credit.lines[0].what);
}

#[test]
fn a_product_is_held_against_every_class_of_its_standard() {
    let limits = grades::read(grades::CLASSES.0, grades::CLASSES.1).unwrap();
    let composition = |k2o: f64, moisture: Option<f64>| {
        let mut all = vec![("K2O".to_string(), k2o)];
        all.extend(moisture.map(|m| ("moisture".to_string(), m)));
        all
    };
    let verdicts = |c: &[(String, f64)]| -> Vec<Verdict> {
        grade(&limits, "KCl", c)
            .into_iter()
            .map(|g| g.verdict)
            .collect()
    };
    let fails = |c: &str| Verdict::Fails(vec![c.into()]);
    assert_eq!(
        verdicts(&composition(0.581, Some(0.04))),
        [fails("K2O"), Verdict::Meets, Verdict::Meets]
    );
    assert_eq!(
        verdicts(&composition(0.60, Some(0.07))),
        [fails("moisture"), fails("moisture"), fails("moisture")]
    );
    assert_eq!(
        verdicts(&composition(0.59, None))[1],
        Verdict::Open(vec!["moisture".into()])
    );
    assert_eq!(
        grade(&limits, "KCl", &[])[0].class(saltern_account::Lang::Zh),
        "农业用优等品"
    );
    assert_eq!(
        fails("moisture").text(saltern_account::Lang::Zh),
        "不合格：水分"
    );
    assert!(grade(&limits, "NaCl", &[]).is_empty());
    // The KCl of the book: 60 t of K in 114.4 t, a fiftieth of which is said to be moisture.
    let shares = grades::composition(&statement(), "plant.kcl", Some(0.02)).unwrap();
    let k2o = shares.iter().find(|(c, _)| c == "K2O").unwrap().1;
    near(
        k2o,
        60.0 * saltern_units::product::K2O_PER_K / (0.98 * 114.4),
    );
    assert_eq!(grade(&limits, "KCl", &shares)[0].verdict, Verdict::Meets);
    assert!(grades::composition(&statement(), "plant.kc", None).is_err());
}

#[test]
fn every_result_is_a_table_of_equally_long_columns() {
    use saltern_account::Lang;
    use saltern_account::frames;
    use saltern_account::indicators::{built_in, built_in_inputs, evaluate};
    use saltern_account::reconcile::{Settings, gross};
    use saltern_base::frame::{Frame, Values};
    let length = |values: &Values| match values {
        Values::Text(v) => v.len(),
        Values::Date(v) => v.len(),
        Values::Number(v) => v.len(),
        Values::Integer(v) => v.len(),
    };
    let check = |frame: Frame, rows: usize| {
        assert!(rows > 0 && !frame.name.is_empty());
        for column in &frame.columns {
            assert_eq!(
                length(&column.values),
                rows,
                "{} {}",
                frame.name,
                column.name
            );
        }
    };
    let (network, _) = crate::linear::problem("P13");
    let out = gross::eliminate(&network.problem, &Settings::default()).unwrap();
    check(
        frames::reconciled(&network, &out.reconciliation, Lang::Zh),
        16,
    );
    check(frames::removed(&out, Lang::En), out.removed.len());
    let way = stages(&statement(), "K", &path(&["p1", "plant", "rail"])).unwrap();
    check(frames::recovery(&[("K".into(), way)], Lang::En), 3);
    let diagram = sankey(&statement(), Carrier::Element("K"), 0.0).unwrap();
    check(frames::sankey_links(&diagram), diagram.links.len());
    let definitions = built_in().unwrap();
    let figures = evaluate(&statement(), &definitions, &built_in_inputs().unwrap());
    check(
        frames::indicators(&definitions, &figures, Lang::Zh),
        figures.len(),
    );
    let inventory = data::chaerhan_li2co3().unwrap();
    let activity = inventory.activity("rotary_dryer").unwrap();
    let solution = inventory
        .solve(saltern_account::carbon::Demand {
            activity,
            amount: 1.0,
        })
        .unwrap();
    check(frames::inventory(&inventory, &solution, Lang::Zh), 15);
    let uses = solution.uses(&inventory);
    let result = footprint(
        &uses,
        &data::factors().unwrap(),
        &data::chaerhan_choices().unwrap(),
    )
    .unwrap();
    check(frames::footprint(&result, Lang::Zh), result.lines.len());
}

/// A dispatch of a day: 100 MWh of one's own and 50 bought on a bus; a battery takes 40 and gives 36, an electrolyser makes 13
/// of 20, 10 are sold, the rest is used.
fn dispatched() -> Statement {
    use saltern_base::book::{Book, Node, NodeKind, Posting, Stream, StreamKind};
    let nodes = [
        ("pv", NodeKind::Source),
        ("grid", NodeKind::Market),
        ("bus", NodeKind::Utility),
        ("battery", NodeKind::Utility),
        ("elz", NodeKind::Plant),
        ("tank", NodeKind::Utility),
        ("load", NodeKind::Market),
        ("trucks", NodeKind::Market),
        ("losses", NodeKind::Ground),
    ];
    let (power, gas) = (StreamKind::Electricity, StreamKind::Hydrogen);
    let streams = [
        ("pv", "pv", "bus", power, 100.0),
        ("grid.import", "grid", "bus", power, 50.0),
        ("grid.export", "bus", "grid", power, 10.0),
        ("battery.charge", "bus", "battery", power, 40.0),
        ("battery.discharge", "battery", "bus", power, 36.0),
        ("battery.loss", "battery", "losses", power, 4.0),
        ("elz.in", "bus", "elz", power, 20.0),
        ("elz.out", "elz", "tank", gas, 13.0),
        ("elz.loss", "elz", "losses", power, 7.0),
        ("load", "bus", "load", power, 116.0),
        ("trucks", "tank", "trucks", gas, 13.0),
    ];
    let at = |id: &str| nodes.iter().position(|n| n.0 == id).unwrap();
    let book = Book {
        from: jiff::civil::date(2027, 1, 1),
        days: 1,
        elements: Vec::new(),
        element_kg_mol: Vec::new(),
        minerals: Vec::new(),
        mineral_kg_mol: Vec::new(),
        nodes: nodes
            .map(|(id, kind)| Node {
                id: id.into(),
                kind,
            })
            .to_vec(),
        streams: streams
            .map(|(id, from, to, kind, _)| Stream {
                id: id.into(),
                from: at(from),
                to: at(to),
                kind,
            })
            .to_vec(),
        postings: streams
            .iter()
            .enumerate()
            .map(|(stream, s)| Posting {
                stream,
                day: 0,
                elements_mol: Vec::new(),
                minerals_mol: Vec::new(),
                mass_kg: 0.0,
                volume_m3: 0.0,
                water_kg: 0.0,
                energy_j: s.4 * 3.6e9,
            })
            .collect(),
        opening: Vec::new(),
        closing: Vec::new(),
        monthly: Vec::new(),
    };
    Statement::of_book(&book)
}

/// Each MWh counts once, where it is used or lost: 150 MWh less 10 sold.
#[test]
fn energy_on_its_way_is_not_used() {
    let statement = dispatched();
    let sum = |uses: &[saltern_account::carbon::Use], what: &str| -> f64 {
        let own = uses.iter().filter(|u| u.what == what);
        own.map(|u| u.amount).sum::<f64>() / 3.6e9
    };
    let uses = statement.uses();
    near(sum(&uses, "electricity"), 116.0 + 4.0 + 7.0);
    near(sum(&uses, "hydrogen"), 13.0);
    // Carbon is counted of what was bought.
    let with_carbon = statement.uses_with_carbon();
    near(sum(&with_carbon, "electricity"), 50.0);
    near(sum(&with_carbon, "hydrogen"), 0.0);
}
