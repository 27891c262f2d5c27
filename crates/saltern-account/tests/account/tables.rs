//! Tables of measured streams: what is read, what is refused, and the book that comes of it.

use saltern_account::Lang;
use saltern_account::reconcile::book::{REST, measured_book};
use saltern_account::reconcile::tables::{Network, Texts};
use saltern_account::reconcile::{Class, Settings, reconcile};

const STREAMS: &str = "\
id,from,to,flow [t/h],flow_sigma [%],K [wt%],K_sigma [wt%],Mg [wt%],Mg_sigma [g/kg]
ore,mine,mill,120.0,2,7.1,0.15,8.6,2
water,well,mill,52,3,0,0,0,0
cake,mill,dryer,,,,,,
tails,mill,pond,131,4,2.2,0.1,7.9,2
vapour,dryer,sky,,,0,0,0,0
product,dryer,shed,19.5,1,31.0,0.3,0.3,0.5
";

fn network(streams: &str) -> Result<Network, saltern_account::AccountError> {
    Network::read(&Texts {
        streams: ("streams.csv", streams),
        ..Texts::default()
    })
}

#[test]
fn a_network_with_compositions_becomes_a_book_with_bands() {
    let network = network(STREAMS).unwrap();
    assert_eq!(network.balanced, ["mill", "dryer"]);
    assert_eq!(network.ends, ["mine", "well", "pond", "sky", "shed"]);
    let result = reconcile(&network.problem, &Settings::default()).unwrap();
    assert!(result.closure <= 1e-11);
    let class = |id: &str| result.estimates[result.find(id).unwrap()].class;
    assert_eq!(class("cake"), Class::Observable);
    assert_eq!(class("cake.K"), Class::Observable);
    assert_eq!(class("water.K"), Class::Known);
    assert_eq!(class("ore.K"), Class::Redundant);
    // The unit of a standard deviation may differ from that of the value: 2 g/kg are 0.2 wt%.
    let (_, sigma) = result.estimates[result.find("ore.Mg").unwrap()]
        .measured
        .unwrap();
    assert!((sigma - 0.2).abs() < 1e-15);

    let molar = |element: &str| match element {
        "K" => Some(0.0390983),
        "Mg" => Some(0.024305),
        _ => None,
    };
    let from = jiff::civil::date(2026, 4, 1);
    let measured = measured_book(&network, &result, from, 30, molar).unwrap();
    let closure = measured.book.close().unwrap();
    closure.require(1e-9).unwrap();
    assert_eq!(measured.book.elements, ["K", "Mg", REST]);
    let product = &measured.book.postings[5];
    let value = |id: &str| result.estimates[result.find(id).unwrap()].value.unwrap();
    let kg = value("product") * 1000.0 * 24.0 * 30.0;
    assert!((product.mass_kg / kg - 1.0).abs() < 1e-12);
    assert!(
        (product.elements_mol[0] * 0.0390983 / (kg * value("product.K") * 0.01) - 1.0).abs()
            < 1e-12
    );
    // The band of an amount is narrower than its flow and its share apart would make it, or as wide.
    let band = &measured.bands[5];
    let relative = band.elements_mol[0] / product.elements_mol[0];
    let estimate = |id: &str| &result.estimates[result.find(id).unwrap()];
    let apart = (estimate("product").sigma.unwrap() / value("product"))
        + (estimate("product.K").sigma.unwrap() / value("product.K"));
    assert!(relative > 0.0 && relative <= apart, "{relative} {apart}");
}

#[test]
fn written_equations_join_the_balances() {
    let texts = Texts {
        streams: (
            "s.csv",
            "id,from,to,flow [t/a],flow_sigma [t/a]\nF1,,a,100,10\nF2,,a,50,0\nF4,b,a,,\nF3,a,b,300,30\nF5,b,c,160,16\nF6,c,,,\nF7,c,,,\n",
        ),
        parameters: Some(("p.csv", "id,value,sigma\nTC,0.5,0.05\n")),
        equations: Some(("e.csv", "id,equation\nshare,F4 = TC * F3\n")),
    };
    let network = Network::read(&texts).unwrap();
    let result = reconcile(&network.problem, &Settings::default()).unwrap();
    let tc = &result.estimates[result.find("TC").unwrap()];
    assert!((tc.value.unwrap() - 0.495973).abs() < 5e-7);
    let refused = measured_book(
        &network,
        &result,
        jiff::civil::date(2026, 1, 1),
        365,
        |_| None,
    )
    .unwrap_err();
    assert_eq!(refused.code(), "reconcile.undetermined");
    assert_eq!(
        refused.text(Lang::Zh),
        "无法确定 F6、F7，不能生成账本；请补充测量或去掉这些物流"
    );
}

#[test]
fn mistakes_are_told_with_their_place() {
    let said = |streams: &str| network(streams).unwrap_err().to_string();
    let wrong = said("id,from,to,flow [t/h],flow_sigma [t/h]\na,x,y,1,0.1\na,y,z,1,0.1\n");
    assert_eq!(
        wrong,
        "streams.csv, row 3, column id: “a” is already given; accepted: one row each"
    );
    let wrong = said("id,from,to,flow,flow_sigma\na,x,y,1,0.1\n");
    assert!(
        wrong.starts_with("streams.csv, row 1, column flow: “flow” has no unit"),
        "{wrong}"
    );
    let wrong = said("id,from,to,flow [t/h],flow_sigma [t/h]\na,x,y,1,\nb,y,z,1,0.1\n");
    assert!(
        wrong.starts_with("streams.csv, row 2, column flow_sigma [t/h]: the cell is blank"),
        "{wrong}"
    );
    let wrong = said("id,from,to,flow [t/h],flow_sigma [t/h]\na,x,y,1,0.1\nb,z,w,1,0.1\n");
    assert!(wrong.contains("nothing to balance"), "{wrong}");
    let wrong =
        said("id,from,to,flow [t/h],flow_sigma [t/h],K [wt%]\na,x,y,1,0.1,2\nb,y,z,1,0.1,2\n");
    assert!(wrong.contains("“K_sigma” is missing"), "{wrong}");
    let wrong = said(
        "id,from,to,flow [t/h],flow_sigma [t/h],K [g/L],K_sigma [g/L]\na,x,y,1,0.1,2,1\nb,y,z,1,0.1,2,1\n",
    );
    assert!(wrong.contains("a mass per mass"), "{wrong}");
    let texts = Texts {
        streams: (
            "s.csv",
            "id,from,to,flow [t/h],flow_sigma [t/h]\na,x,y,1,0.1\nb,y,z,1,0.1\n",
        ),
        equations: Some(("e.csv", "id,equation\ne,a = bb * 2\n")),
        ..Texts::default()
    };
    let wrong = Network::read(&texts).unwrap_err().to_string();
    assert_eq!(
        wrong,
        "e.csv, row 2, column equation: there is no quantity “bb” (did you mean “b”?); there are: a, b"
    );
}

#[test]
fn indicators_of_a_measured_book_carry_bands() {
    use saltern_account::indicators::{Definition, Inputs, evaluate};
    use saltern_account::reconcile::book::book_at;
    use saltern_account::statement::Statement;
    let network = network(STREAMS).unwrap();
    let result = reconcile(&network.problem, &Settings::default()).unwrap();
    let definitions = Definition::read(
        "own.csv",
        "id,edition,name_en,name_zh,each,expression,unit,source,at_least,at_most,threshold_source\n\
         r,,recovery,回收率,,\"mass(role=product, element=K) / mass(stream=ore, element=K)\",1,ours,,,\n",
    )
    .unwrap();
    let figures = |values: &[f64]| -> Vec<f64> {
        let from = jiff::civil::date(2026, 4, 1);
        let book = book_at(&network, values, from, 30, |_| None).unwrap();
        let mut statement = Statement::of_book(&book);
        statement
            .assign("roles.csv", "stream,role\nproduct,product\n")
            .unwrap();
        let figures = evaluate(&statement, &definitions, &Inputs::default());
        figures.into_iter().map(|f| f.value.unwrap()).collect()
    };
    let (recovery, sigma) = result.propagate_all(figures)[0];
    // The same by hand: product·share / (ore·share), first-order with the covariance of all four.
    let [p, pk, o, ok] =
        ["product", "product.K", "ore", "ore.K"].map(|id| result.find(id).unwrap());
    let x = result.values();
    let r = x[p] * x[pk] / (x[o] * x[ok]);
    let by_hand = result.sigma_of(&[
        (p, r / x[p]),
        (pk, r / x[pk]),
        (o, -r / x[o]),
        (ok, -r / x[ok]),
    ]);
    assert!((recovery / r - 1.0).abs() < 1e-12, "{recovery} {r}");
    assert!((sigma / by_hand - 1.0).abs() < 1e-6, "{sigma} {by_hand}");
    assert!(
        recovery > 0.5 && recovery < 1.0 && sigma < 0.05,
        "{recovery} ± {sigma}"
    );
}
