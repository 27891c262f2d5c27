//! Real hourly weather of two solar-salt sites, read from `../shared` beside the workspace; skipped,
//! saying so, where that is absent.

use jiff::civil::date;
use saltern_climate::weather::{Notice, WithNotices, read};
use saltern_climate::{Site, Surface, Weather, sun};
use std::path::Path;

const SITES: [&str; 2] = ["wendover", "salt_lake_city"];

fn load(site: &str) -> Option<WithNotices> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/weather");
    let name = format!("{site}_ut_tmy3.csv");
    let Ok(text) = std::fs::read_to_string(folder.join(&name)) else {
        println!("skipped: reference weather {name} is not there");
        return None;
    };
    Some(read(&text, &name).unwrap())
}

/// Activity of saturated NaCl brine: 0.7559 at 0 °C, 0.753 at 25, 0.7477 at 50.
fn saturated_nacl(temperature_k: f64) -> f64 {
    let t = temperature_k - 273.15;
    let (low, rise) = if t < 25.0 {
        (0.7559, (0.753 - 0.7559) / 25.0)
    } else {
        (0.753 + 0.0053, -0.0053 / 25.0)
    };
    low + rise * t
}

struct Column {
    surface: Surface,
    activity: fn(f64) -> f64,
}

/// Evaporation by month, mm, of a column that lives through the year twice (the first warms it up).
fn evaporation_mm(weather: &Weather, column: &Column) -> [f64; 12] {
    let mut months = [0.0; 12];
    let mut temperature_k = 283.15;
    for year in 0..2 {
        months = [0.0; 12];
        let mut day = date(2023, 1, 1);
        while day.year() == 2023 {
            for forcing in weather.forcing(day).unwrap() {
                let step = column.surface.step(
                    &forcing,
                    temperature_k,
                    (column.activity)(temperature_k),
                    3600.0,
                    0.0,
                );
                temperature_k = step.temperature_k;
                months[day.month() as usize - 1] += step.evaporation_kg_m2_s * 3600.0;
            }
            day = day.tomorrow().unwrap();
        }
        assert!(year < 2);
    }
    months
}

fn april_to_october(months: &[f64; 12]) -> f64 {
    months[3..10].iter().sum()
}

fn fresh(depth_m: f64) -> Column {
    Column {
        surface: Surface {
            heat_capacity_j_m2_k: 4.18e6 * depth_m,
            ..Surface::default()
        },
        activity: |_| 1.0,
    }
}

/// Density 1198 kg/m³ (`facts/ponds.md` 2.3), specific heat 3280 J/kg/K (recalled).
fn brine(depth_m: f64, albedo: f64) -> Column {
    Column {
        surface: Surface {
            heat_capacity_j_m2_k: 1198.0 * 3280.0 * depth_m,
            albedo,
            ..Surface::default()
        },
        activity: saturated_nacl,
    }
}

/// The bar: 0.70 to 0.86, at every albedo of brine from a dark floor to white salt, at 0.3 m.
#[test]
fn saturated_nacl_over_fresh_water_april_to_october() {
    println!(
        "fresh water albedo 0.07; brine a_w 0.756 to 0.748; mm from April to October (whole year)"
    );
    for site in SITES {
        let Some((weather, _)) = load(site) else {
            return;
        };
        for depth_m in [0.1, 0.3, 1.0] {
            let water = evaporation_mm(&weather, &fresh(depth_m));
            let ratios = [0.07, 0.15, 0.20].map(|albedo| {
                let salt = evaporation_mm(&weather, &brine(depth_m, albedo));
                let ratio = april_to_october(&salt) / april_to_october(&water);
                println!(
                    "{site:15} {depth_m:.1} m   fresh {:5.0} ({:5.0})   brine at albedo {albedo:.2}: {:5.0} ({:5.0})   ratio {ratio:.3}",
                    april_to_october(&water),
                    water.iter().sum::<f64>(),
                    april_to_october(&salt),
                    salt.iter().sum::<f64>()
                );
                ratio
            });
            assert!(
                ratios[0] > ratios[1] && ratios[1] > ratios[2],
                "white salt costs evaporation: {ratios:?}"
            );
            if depth_m == 0.3 {
                assert!(
                    ratios.iter().all(|ratio| (0.70..=0.86).contains(ratio)),
                    "{site}: {ratios:?}"
                );
            }
        }
    }
}

/// Annual means that `reference/weather/README.md` states.
#[test]
fn means_of_the_utah_years() {
    for (site, air_c, global_kwh, wind_m_s) in [
        ("wendover", 11.2, 1763.0, 3.1),
        ("salt_lake_city", 11.9, 1664.0, 4.1),
    ] {
        let Some((weather, notices)) = load(site) else {
            return;
        };
        let mean = saltern_climate::Hour::mean(&weather.hours).unwrap();
        assert!((mean.air_temperature_k - 273.15 - air_c).abs() < 0.06);
        assert!((mean.global_w_m2 * 8.76 - global_kwh).abs() < 1.0);
        assert!((mean.wind_m_s - wind_m_s).abs() < 0.06);
        let tenths = notices.iter().find_map(|notice| match notice {
            Notice::RainInTenths {
                labelled_mm,
                read_mm,
            } => Some((*labelled_mm, *read_mm)),
            _ => None,
        });
        let (labelled_mm, read_mm) = tenths.unwrap();
        println!("{site}: rain {labelled_mm:.0} mm as labelled, {read_mm:.0} mm as read");
        assert!((read_mm - mean.rain_m_s * 8760.0 * 3.6e6).abs() < 0.01);
    }
}

/// Radiation above the air, against the ETR column that the data set's makers worked out. At Wendover
/// that column (and the measured radiation with it) runs by UTC−8, while the file's head says −7: the
/// reader notices.
#[test]
fn sun_geometry_against_the_extraterrestrial_column() {
    for (site, utc_offset_h) in [("wendover", -8.0), ("salt_lake_city", -7.0)] {
        let Some((weather, notices)) = load(site) else {
            return;
        };
        let folder =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/weather");
        let text = std::fs::read_to_string(folder.join(format!("{site}_ut_tmy3.csv"))).unwrap();
        let theirs: Vec<f64> = text
            .lines()
            .skip(2)
            .map(|line| line.split(',').nth(2).unwrap().parse().unwrap())
            .collect();
        let place = Site {
            utc_offset_h,
            ..weather.site.unwrap()
        };
        let ours: Vec<f64> = (0..8760_u32)
            .map(|hour| {
                sun::extraterrestrial_w_m2(
                    &place,
                    hour / 24 + 1,
                    f64::from(hour % 24),
                    f64::from(hour % 24) + 1.0,
                )
            })
            .collect();
        let (sum, their_sum) = (ours.iter().sum::<f64>(), theirs.iter().sum::<f64>());
        let rms = (ours
            .iter()
            .zip(&theirs)
            .map(|(a, b)| (a - b).powi(2))
            .sum::<f64>()
            / 8760.0)
            .sqrt();
        println!(
            "{site}: year {:.4} of theirs, rms {rms:.1} W/m2",
            sum / their_sum
        );
        assert!((sum / their_sum - 1.0).abs() < 0.005);
        assert!(rms < 6.0, "{rms}");
        let noticed = notices
            .iter()
            .any(|notice| matches!(notice, Notice::SunOffClock { .. }));
        assert_eq!(
            noticed,
            weather.site.unwrap().utc_offset_h != utc_offset_h,
            "{notices:?}"
        );
    }
}
