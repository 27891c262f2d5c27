//! The generated year against its normals.

use super::*;
use saltern_units::message::Message;

/// Qarhan-type site and annual anchors: `facts/reference-base.md` section 3 (mean 4.3, January −9.1,
/// July 17.1 °C, 25 mm, 3057 h of sunshine); humidity and wind as in `facts/ponds.md` 3.1.
const QARHAN: Site = Site {
    latitude_deg: 36.8,
    longitude_deg: 95.3,
    elevation_m: 2680.0,
    utc_offset_h: 8.0,
};
const ANCHORS: &str = "month,air_temperature [degC],daily_range [K],relative_humidity [%],wind [m/s],sunshine [h],rain [mm]\n\
                       year,4.3,14,33,3.7,3057,25\n1,-9.1,,38,3.0,,\n7,17.1,,35,4.2,,\n";
const MONTHLY: &str = "month,air_temperature [degC],daily_range [K],relative_humidity [%],wind [m/s],global [W/m2],rain [mm],rain_days\n\
    1,-9,14,38,3.0,120,0.5,1\n2,-5,14,34,3.4,160,0.5,1\n3,1,15,28,4.0,215,1,1\n4,7,15,25,4.5,265,1.5,1\n\
    5,12,14,27,4.5,285,3,2\n6,16,14,32,4.3,290,5,3\n7,18.5,14,35,4.2,290,6,3\n8,17.5,14,34,4.0,270,4,2\n\
    9,12.5,14,34,3.6,230,2.5,2\n10,4.5,15,33,3.2,190,0.5,1\n11,-3.5,15,36,3.0,140,0,0\n12,-8,14,39,2.9,110,0.5,1\n";

fn normals(text: &str) -> Normals {
    Normals::read(text, "normals.csv", &QARHAN).unwrap().0
}

fn year(text: &str, seed: u64) -> Weather {
    generate(&normals(text), &QARHAN, seed).unwrap().0
}

fn months_of(weather: &Weather) -> Vec<&[Hour]> {
    let mut rest = &weather.hours[..];
    DAYS.iter()
        .map(|days| {
            let (month, tail) = rest.split_at(days * 24);
            rest = tail;
            month
        })
        .collect()
}

#[test]
fn monthly_means_are_the_normals() {
    for text in [MONTHLY, ANCHORS] {
        let normals = normals(text);
        for seed in [0, 1, 42, u64::MAX] {
            let weather = generate(&normals, &QARHAN, seed).unwrap().0;
            assert!(weather.synthetic);
            assert_eq!(weather.hours.len(), 8760);
            for (hours, normal) in months_of(&weather).into_iter().zip(&normals.months) {
                let mean = |value: fn(&Hour) -> f64| {
                    hours.iter().map(value).sum::<f64>() / hours.len() as f64
                };
                let near = |got: f64, wanted: f64, scale: f64| {
                    assert!(
                        (got - wanted).abs() <= TOLERANCE * scale,
                        "{got} against {wanted}"
                    );
                };
                near(mean(|h| h.air_temperature_k), normal.air_temperature_k, 1.0);
                near(mean(Hour::relative_humidity), normal.relative_humidity, 1.0);
                near(mean(|h| h.wind_m_s), normal.wind_m_s, normal.wind_m_s);
                near(
                    mean(|h| h.global_w_m2),
                    normal.global_w_m2,
                    normal.global_w_m2,
                );
                let rain_m = hours.iter().map(|h| h.rain_m_s * 3600.0).sum::<f64>();
                near(rain_m, normal.rain_m, normal.rain_m);
                let ranges: Vec<f64> = hours
                    .chunks(24)
                    .map(|day| {
                        spread(
                            &day.iter()
                                .map(|h| h.air_temperature_k)
                                .collect::<Vec<f64>>(),
                        )
                    })
                    .collect();
                near(
                    super::mean(&ranges),
                    normal.daily_range_k,
                    normal.daily_range_k,
                );
            }
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_bits_and_another_seed_another_year() {
    assert_eq!(year(MONTHLY, 7), year(MONTHLY, 7));
    assert_ne!(year(MONTHLY, 7), year(MONTHLY, 8));
}

#[test]
fn hours_are_weather() {
    let weather = year(MONTHLY, 3);
    for (i, hour) in weather.hours.iter().enumerate() {
        assert!(
            hour.relative_humidity() > 0.01 && hour.relative_humidity() <= 0.981,
            "{i}: {hour:?}"
        );
        assert!(hour.wind_m_s > 0.0 && hour.wind_m_s < 30.0, "{i}: {hour:?}");
        assert!(
            (230.0..315.0).contains(&hour.air_temperature_k),
            "{i}: {hour:?}"
        );
        assert!((0.0..1150.0).contains(&hour.global_w_m2), "{i}: {hour:?}");
        assert!(hour.rain_m_s >= 0.0 && hour.pressure_pa > 72e3 && hour.pressure_pa < 74e3);
    }
    // Sun at solar noon (about 13:40 by the clock of UTC+8), none at midnight.
    assert!(weather.hours[180 * 24 + 13].global_w_m2 > 300.0);
    assert_eq!(weather.hours[180 * 24].global_w_m2, 0.0);
    let wet_days = weather
        .hours
        .chunks(24)
        .filter(|day| day.iter().any(|h| h.rain_m_s > 0.0))
        .count();
    assert_eq!(wet_days, 18);
}

/// Neighbouring days resemble each other, and days differ by a few degrees.
#[test]
fn days_remember_and_differ() {
    let mut pairs = Vec::new();
    for seed in 0..20 {
        let weather = year(MONTHLY, seed);
        let july: Vec<f64> = months_of(&weather)[6]
            .chunks(24)
            .map(|day| {
                super::mean(
                    &day.iter()
                        .map(|h| h.air_temperature_k)
                        .collect::<Vec<f64>>(),
                )
            })
            .collect();
        let centre = super::mean(&july);
        pairs.extend(
            july.windows(2)
                .map(|pair| (pair[0] - centre, pair[1] - centre)),
        );
    }
    let variance = pairs.iter().map(|(a, _)| a * a).sum::<f64>() / pairs.len() as f64;
    let covariance = pairs.iter().map(|(a, b)| a * b).sum::<f64>() / pairs.len() as f64;
    assert!((1.5..4.0).contains(&variance.sqrt()), "{}", variance.sqrt());
    assert!(
        (0.5..0.9).contains(&(covariance / variance)),
        "{}",
        covariance / variance
    );
}

#[test]
fn annual_anchors_become_months() {
    let (normals, notices) = Normals::read(ANCHORS, "normals.csv", &QARHAN).unwrap();
    let months = &normals.months;
    assert!((months[0].air_temperature_k - 264.05).abs() < 1e-9);
    assert!((months[6].air_temperature_k - 290.25).abs() < 1e-9);
    let year_k: f64 = months
        .iter()
        .zip(DAYS)
        .map(|(m, days)| m.air_temperature_k * days as f64 / 365.0)
        .sum();
    assert!((year_k - 277.45).abs() < 1e-9);
    let rain_m: f64 = months.iter().map(|m| m.rain_m).sum();
    assert!((rain_m - 0.025).abs() < 1e-12);
    assert_eq!(months[3].relative_humidity, 0.33);
    assert_eq!(months[0].relative_humidity, 0.38);
    // 3057 h of sunshine: 0.25 + 0.5 n/N of the radiation above the air, about 203 W/m2 in the year.
    let global: f64 = months
        .iter()
        .zip(DAYS)
        .map(|(m, days)| m.global_w_m2 * days as f64 / 365.0)
        .sum();
    assert!((190.0..220.0).contains(&global), "{global}");
    assert_eq!(notices.len(), 1, "{notices:?}");
}

#[test]
fn bad_normals_are_named() {
    let error = |text: &str| Normals::read(text, "normals.csv", &QARHAN).unwrap_err();
    let code = |text: &str, code: &str, piece: &str| {
        let error = error(text);
        assert_eq!(error.code(), code, "{error}");
        assert!(
            error.to_string().contains(piece),
            "{piece} is not in: {error}"
        );
    };
    code(
        &MONTHLY.replace("\n7,", "\n13,"),
        "table.not_allowed",
        "row 8",
    );
    code(
        &MONTHLY.replace("\n7,", "\n6,"),
        "weather.duplicate_month",
        "row 8",
    );
    code(
        &MONTHLY.replace(",35,4.2,", ",135,4.2,"),
        "table.out_of_range",
        "relative_humidity [%]",
    );
    code(
        &MONTHLY.replace(",290,6,", ",290,-6,"),
        "table.out_of_range",
        "rain [mm]",
    );
    code(
        &MONTHLY.replace("[W/m2]", "[m]"),
        "units.wrong_dimension",
        "global",
    );
    code(
        &MONTHLY.replace("7,18.5,14,35,4.2,290,6,3\n", ""),
        "weather.missing_normal",
        "month 7",
    );
    code(
        &ANCHORS.replace("1,-9.1,,38,3.0,,\n7,17.1,,35,4.2,,\n", ""),
        "weather.missing_normal",
        "air_temperature",
    );
    code("", "table.empty", "normals.csv");
    let sunny = normals(&MONTHLY.replace(",120,0.5", ",220,0.5"));
    let error = generate(&sunny, &QARHAN, 1).unwrap_err();
    assert_eq!(error.code(), "weather.too_sunny");
    assert!(error.to_string().contains("month 1"), "{error}");
}
