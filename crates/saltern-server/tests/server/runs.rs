//! Runs: the list, the way of an element through a book, figures side by side, files, and who may take them away.

use axum::http::StatusCode;
use jiff::civil::date;
use serde_json::{Value, json};

use super::closings::{measured, write};
use super::hall::{Hall, run};

/// A hall with two runs and a measured book.
async fn hall() -> Hall {
    let mut hall = Hall::open().await;
    hall.add("operator", "operator", None).await;
    hall.add("engineer.a", "engineer", Some("a")).await;
    let (from, to) = (date(2026, 11, 1), date(2026, 11, 10));
    for (path, leak_t) in [
        ("runs/dry", 1.0),
        ("runs/wet", 4.0),
        ("estimates/2026-11-10/book", 2.0),
    ] {
        let path = hall.data().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        let mut book = measured(from, to, leak_t, "small");
        if path.ends_with("wet") {
            for (file, text) in [
                (
                    "utilities.csv",
                    "id,carrier,from,to,amount,unit\npumps,electricity,grid,a,10,MWh\nfire,heat,grid,a,3,MWh\n",
                ),
                (
                    "carbon.csv",
                    "what,factor\nelectricity,grid-cn-qinghai-2022\n",
                ),
            ] {
                book.tables.insert(file.into(), text.into());
            }
        }
        write(&path, &book);
    }
    hall
}

#[test]
fn runs_and_measured_books_are_listed_told_and_taken_away() {
    run(async {
        let hall = hall().await;
        let broken = hall.data().join("runs/broken");
        std::fs::create_dir_all(&broken).expect("a folder");
        std::fs::write(broken.join("run.json"), "{").expect("a file");
        let list = hall.get("operator", "/api/runs").await;
        let runs = list.body["runs"].as_array().expect("runs").iter();
        let kinds: Vec<_> = runs.map(|run| (&run["name"], &run["kind"])).collect();
        assert_eq!(
            json!(kinds),
            json!([
                ["dry", "simulate"],
                ["wet", "simulate"],
                ["measured-2026-11-10", "measured"]
            ])
        );
        assert_eq!(list.body["problems"][0]["code"], "run.corrupt", "{list:?}");
        assert_eq!(
            hall.get("engineer.a", "/api/runs").await.code(),
            "access.not_yours"
        );

        let one = hall.get("operator", "/api/runs/dry").await;
        assert_eq!(one.body["elements"], json!(["K"]));
        assert_eq!(
            (&one.body["from"], &one.body["to"]),
            (&json!("2026-11-01"), &json!("2026-11-10"))
        );
        let report = hall.get("operator", "/api/runs/dry/report?lang=zh").await;
        assert!(
            report.status.is_success() && report.text.contains("<html"),
            "{}",
            report.status
        );
        let table = hall.get("operator", "/api/runs/dry/tables/nodes").await;
        assert_eq!(table.status, StatusCode::OK, "{table:?}");
        let way = "/api/runs/dry/tables/postings?form=parquet";
        let parquet = hall.get("operator", way).await;
        assert!(parquet.status.is_success() && parquet.text.starts_with("PAR1"));
        let none = hall.get("operator", "/api/runs/dry/tables/nothing").await;
        assert_eq!(none.code(), "run.no_table");
        let odd = hall
            .get("operator", "/api/runs/dry/tables/nodes?form=txt")
            .await;
        assert_eq!(odd.code(), "request.wrong");
        let side = hall.get("operator", "/api/runs/compare?runs=dry,wet").await;
        let mut figures = side.body["figures"].as_array().expect("figures").iter();
        let leak =
            figures.find(|figure| figure["unit"] == "t" && figure["values"] == json!([10.0, 40.0]));
        assert!(
            leak.is_some_and(|leak| leak["name"]["zh"] != leak["name"]["en"]),
            "{side:?}"
        );
        assert_eq!(
            hall.get("operator", "/api/runs/compare?runs=dry")
                .await
                .code(),
            "run.too_few"
        );

        let call = |who: &'static str, name: &'static str, naming: Value| {
            let (hall, way) = (&hall, format!("/api/runs/{name}"));
            async move { hall.ask(Some(who), "PATCH", &way, naming).await }
        };
        let noted = call(
            "admin",
            "wet",
            json!({ "note": " 雨季 \u{2014} as we fear it " }),
        )
        .await;
        assert_eq!(
            noted.body["note"], "雨季 \u{2014} as we fear it",
            "{noted:?}"
        );
        let named = call("admin", "wet", json!({ "name": "rainy" })).await;
        assert_eq!(
            (&named.body["name"], &named.body["note"]),
            (&json!("rainy"), &noted.body["note"])
        );
        assert_eq!(
            hall.get("operator", "/api/runs/rainy").await.body["from"],
            "2026-11-01"
        );
        assert_eq!(call("admin", "wet", json!({})).await.code(), "run.unknown");
        assert_eq!(
            call("admin", "rainy", json!({ "name": "dry" }))
                .await
                .code(),
            "run.exists"
        );
        assert_eq!(
            call("admin", "rainy", json!({ "name": "a/b" }))
                .await
                .code(),
            "request.wrong"
        );
        let long = json!({ "note": "x".repeat(501) });
        assert_eq!(call("admin", "rainy", long).await.code(), "request.wrong");
        assert_eq!(
            call("operator", "rainy", json!({})).await.code(),
            "access.not_allowed"
        );
        let mine = json!({ "note": "mine" });
        assert_eq!(
            call("admin", "measured-2026-11-10", mine).await.code(),
            "run.measured"
        );

        let remove = |who: &'static str, name: &'static str| {
            let (hall, way) = (&hall, format!("/api/runs/{name}"));
            async move { hall.ask(Some(who), "DELETE", &way, Value::Null).await }
        };
        assert_eq!(remove("operator", "dry").await.code(), "access.not_allowed");
        assert_eq!(remove("engineer.a", "dry").await.code(), "access.not_yours");
        assert_eq!(
            remove("admin", "measured-2026-11-10").await.code(),
            "run.measured"
        );
        assert_eq!(remove("admin", "dry").await.status, StatusCode::NO_CONTENT);
        assert_eq!(
            hall.get("admin", "/api/runs/dry").await.code(),
            "run.unknown"
        );
    });
}

#[test]
fn the_way_of_an_element_closes_at_the_pond_over_any_days() {
    run(async {
        let hall = hall().await;
        let ask = |query: &'static str| {
            let (hall, way) = (&hall, format!("/api/runs/wet/circulation?{query}"));
            async move { hall.get("operator", &way).await }
        };
        for (query, days) in [
            ("carrier=K", 10.0),
            ("carrier=K&from=2026-11-03&to=2026-11-05", 3.0),
            ("", 10.0),
        ] {
            let found = ask(query).await;
            assert_eq!(found.body["unit"], "t", "{found:?}");
            let links = found.body["links"].as_array().expect("links");
            let amounts: Vec<_> = links
                .iter()
                .map(|link| link["amount"].as_f64().expect("t"))
                .collect();
            assert_eq!(amounts.len(), 2, "{found:?}");
            assert!(
                (amounts[0] - 10.0 * days).abs() < 1e-9 && (amounts[1] - 4.0 * days).abs() < 1e-9
            );
            let mut nodes = found.body["nodes"].as_array().expect("nodes").iter();
            let pond = nodes.find(|node| node["kind"] == "pond").expect("the pond");
            let change = pond["stock_change"].as_f64().expect("t");
            assert!((change - 6.0 * days).abs() < 1e-9, "{query}: {change}");
        }
        let energy = ask("carrier=energy").await;
        assert_eq!(
            (&energy.body["unit"], &energy.body["links"]),
            (&json!("MWh"), &json!([]))
        );
        assert_eq!(
            ask("carrier=Xx").await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(
            ask("from=2026-11-05&to=2026-11-03").await.code(),
            "request.wrong"
        );
        assert_eq!(ask("from=soon").await.code(), "request.wrong");
    });
}

#[test]
fn accounts_of_a_run_say_what_was_used_and_its_carbon_of_the_whole_period_alone() {
    run(async {
        let hall = hall().await;
        let ask = |way: &'static str| {
            let (hall, way) = (&hall, format!("/api/runs/{way}"));
            async move { hall.get("operator", &way).await }
        };
        let whole = ask("wet/accounts").await;
        assert_eq!(whole.status, StatusCode::OK, "{whole:?}");
        let carbon = &whole.body["carbon"];
        // 10 MWh at 0.1567 kg CO2/kWh, the factor of Qinghai's grid of 2022.
        let near = |value: &Value, wanted: f64| {
            (value.as_f64().expect("a number") - wanted).abs() < 1e-9 * wanted
        };
        assert!(near(&carbon["total_t"], 1.567), "{carbon}");
        assert_eq!(carbon["scopes"][0]["scopes"], "2");
        assert_eq!(carbon["without_factor"][0]["zh"], "热");
        let uses = whole.body["uses"].as_array().expect("uses").iter();
        let uses: Vec<_> = uses
            .map(|used| (&used["carrier"]["en"], &used["amount"]))
            .collect();
        assert_eq!(
            json!(uses),
            json!([["electricity", 10_000.0], ["heat", 3_000.0]])
        );
        let indicators = whole.body["indicators"].as_array().expect("indicators");
        assert!(
            indicators
                .iter()
                .all(|one| one["value"].is_null() != one["reason"].is_null())
        );

        let way = ask("wet/circulation?carrier=carbon").await;
        assert_eq!(way.body["unit"], "tCO2e", "{way:?}");
        assert!(near(&way.body["links"][0]["amount"], 1.567));
        let nodes = way.body["nodes"].as_array().expect("nodes").iter();
        let nodes: Vec<_> = nodes.map(|node| (&node["id"], &node["kind"])).collect();
        assert_eq!(
            json!(nodes),
            json!([["electricity", "utility"], ["a", "pond"]])
        );
        assert_eq!(way.body["unknown"], json!(["heat"]));

        // Nobody knows how much of it was used on which day; a book without uses has no footprint.
        let some = ask("wet/accounts?from=2026-11-02&to=2026-11-03").await;
        assert_eq!(
            (&some.body["carbon"], &some.body["uses"]),
            (&Value::Null, &json!([]))
        );
        assert_eq!(
            ask("dry/circulation?carrier=carbon").await.body["links"],
            json!([])
        );
        let about = [ask("wet").await, ask("dry").await];
        assert_eq!(
            json!(about.each_ref().map(|one| &one.body["carbon"])),
            json!([true, false])
        );
        assert_eq!(ask("wet/accounts?from=soon").await.code(), "request.wrong");
    });
}
