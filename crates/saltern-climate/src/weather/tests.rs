//! Readers against hand-made files: what they read, and what they say about bad ones.

use super::*;
use jiff::civil::date;
use saltern_units::message::{Lang, Message};

const HEADER: &str = "time,air_temperature [degC],relative_humidity [%],wind [m/s],global [W/m2],pressure [kPa],rain [mm/h]";

/// The made-up radiation of these files counts hours, so its sun is off the clock: that notice has a
/// test of its own and is left out here.
fn read(text: &str, file: &str) -> Result<WithNotices, WeatherError> {
    super::read(text, file).map(|(weather, mut notices)| {
        notices.retain(|notice| !matches!(notice, Notice::SunOffClock { .. }));
        (weather, notices)
    })
}

/// Our CSV: `hours` rows from 2024-01-31 on, with one line replaced by `change(index, line)`.
fn own_csv(hours: usize, change: impl Fn(usize, String) -> Option<String>) -> String {
    let first = date(2024, 1, 31).at(0, 0, 0, 0);
    let mut text = format!("{HEADER}\n");
    for i in 0..hours {
        let time = first + jiff::Span::new().hours(i as i64);
        let line = format!(
            "{}T{:02}:00,{},40,3.5,100,73,0.5",
            time.date(),
            time.hour(),
            i % 24
        );
        if let Some(line) = change(i, line) {
            text += &line;
            text += "\n";
        }
    }
    text
}

fn plain(hours: usize) -> String {
    own_csv(hours, |_, line| Some(line))
}

/// Replaces row `row` (as a spreadsheet counts) by what `edit` makes of it.
fn edited(row: usize, edit: impl Fn(String) -> String) -> String {
    own_csv(72, |i, line| {
        Some(if i + 2 == row { edit(line) } else { line })
    })
}

fn error_of(text: &str) -> WeatherError {
    read(text, "weather.csv").expect_err("must be refused")
}

/// Asserts the code and that the English sentence holds every piece of evidence.
fn assert_error(text: &str, code: &str, evidence: &[&str]) {
    let error = error_of(text);
    let sentence = error.to_string();
    assert_eq!(error.code(), code, "{sentence}");
    for piece in evidence {
        assert!(sentence.contains(piece), "{piece:?} is not in {sentence:?}");
    }
    assert!(
        !error.text(Lang::Zh).contains('{'),
        "{}",
        error.text(Lang::Zh)
    );
    assert!(!sentence.contains('{'), "{sentence}");
}

#[test]
fn our_csv_is_read_in_si() {
    let (weather, notices) = read(&plain(72), "weather.csv").unwrap();
    assert_eq!(weather.format, Format::Own);
    assert_eq!(weather.hours.len(), 72);
    assert!(!weather.synthetic);
    let hour = weather.at(date(2024, 2, 1), 10).unwrap();
    assert!((hour.air_temperature_k - 283.15).abs() < 1e-9);
    assert!((hour.relative_humidity() - 0.4).abs() < 1e-12);
    assert!((hour.pressure_pa - 73e3).abs() < 1e-9);
    assert!((hour.rain_m_s * 3.6e6 - 0.5).abs() < 1e-9);
    assert_eq!(hour.long_wave_down_w_m2, None);
    assert_eq!(notices, [Notice::WindHeightAssumed { height_m: 10.0 }]);
}

#[test]
fn measured_long_wave_and_wind_at_two_metres_are_taken() {
    let text = own_csv(24, |_, line| Some(line + ",310"))
        .replace("rain [mm/h]", "rain [mm/h],long_wave_down [W/m2]")
        .replace("wind [m/s]", "wind_2m [m/s]");
    let (weather, notices) = read(&text, "weather.csv").unwrap();
    assert_eq!(weather.wind_height_m, 2.0);
    assert!(notices.is_empty());
    let forcing = weather.forcing(date(2024, 1, 31)).unwrap();
    assert!(forcing.iter().all(|hour| hour.long_wave_down_w_m2 == 310.0));
}

/// A file in its own zone and a tariff in Beijing time: noon moves, the sun does not.
#[test]
fn weather_moves_to_another_clock_with_its_sun() {
    let site = Site {
        utc_offset_h: 6.0,
        ..Site::default()
    };
    let (mut dated, _) = read(&plain(72), "weather.csv").unwrap();
    assert_eq!(dated.clone().on_clock(8.0), dated);
    dated.site = Some(site);
    let moved = dated.clone().on_clock(8.0);
    assert_eq!(moved.site.map(|site| site.utc_offset_h), Some(8.0));
    assert_eq!(moved.hours, dated.hours);
    let hour = |weather: &Weather, hour| {
        weather
            .at(date(2024, 2, 1), hour)
            .unwrap()
            .air_temperature_k
    };
    assert_eq!(hour(&moved, 14), hour(&dated, 12));
    let (mut typical, _) = read(&epw(|_, line| line), "x.epw").unwrap();
    typical.site = Some(site);
    let moved = typical.clone().on_clock(7.4);
    assert_eq!(moved.site.map(|site| site.utc_offset_h), Some(7.0));
    assert_eq!(hour(&moved, 13), hour(&typical, 12));
    assert_eq!(moved.on_clock(6.0), typical);
}

/// Diffuse and direct radiation are kept where a source has them; night readings below zero are cut,
/// and a missing mark leaves the hour without them.
#[test]
fn diffuse_and_direct_radiation_are_kept_where_they_are_known() {
    let text = own_csv(24, |_, line| Some(line + ",-3,720")).replace(
        "rain [mm/h]",
        "rain [mm/h],diffuse [W/m2],direct_normal [W/m2]",
    );
    let (weather, _) = read(&text, "weather.csv").unwrap();
    assert_eq!(weather.hours[7].diffuse_w_m2, Some(0.0));
    assert_eq!(weather.hours[7].direct_normal_w_m2, Some(720.0));
    let text = epw(|i, line| {
        line.replacen(
            ",130,0,0,",
            if i == 13 {
                ",130,9999,9999,"
            } else {
                ",130,81,92,"
            },
            1,
        )
    });
    let (weather, _) = read(&text, "x.epw").unwrap();
    let split = |i: usize| {
        (
            weather.hours[i].direct_normal_w_m2,
            weather.hours[i].diffuse_w_m2,
        )
    };
    assert_eq!(
        (split(13), split(37)),
        ((None, None), (Some(81.0), Some(92.0)))
    );
    let text =
        tmy3(|_, line| line + ",-9900").replace("quantity (hr)", "quantity (hr),DHI (W/m^2)");
    let (weather, _) = read(&text, "x.csv").unwrap();
    assert_eq!(weather.hours[13].diffuse_w_m2, None);
    assert_eq!(weather.hours[13].direct_normal_w_m2, None);
    let too_bright = own_csv(24, |_, line| Some(line + ",1700"))
        .replace("rain [mm/h]", "rain [mm/h],diffuse [W/m2]");
    assert_error(
        &too_bright,
        "table.out_of_range",
        &["1700", "row 2", "diffuse"],
    );
}

#[test]
fn a_dated_series_names_the_day_it_does_not_reach() {
    let (weather, _) = read(&plain(72), "weather.csv").unwrap();
    assert_eq!(
        weather.period(),
        Some((date(2024, 1, 31), date(2024, 2, 2)))
    );
    assert!(weather.covers(date(2024, 1, 31), date(2024, 2, 2)).is_ok());
    for outside in [date(2024, 1, 30), date(2024, 2, 3), date(2023, 2, 1)] {
        let error = weather.day(outside).unwrap_err();
        assert_eq!(error.code(), "weather.date_outside");
        let sentence = error.to_string();
        assert!(
            sentence.contains("2024-01-31") && sentence.contains("2024-02-02"),
            "{sentence}"
        );
    }
    assert_eq!(
        weather.at(date(2024, 2, 1), 24).unwrap_err().code(),
        "weather.hour_outside"
    );
}

#[test]
fn a_series_that_begins_at_noon_has_its_first_whole_day_tomorrow() {
    let text = own_csv(72, |i, line| (i >= 12).then_some(line));
    let (weather, _) = read(&text, "weather.csv").unwrap();
    assert_eq!(weather.period(), Some((date(2024, 2, 1), date(2024, 2, 2))));
    assert!(weather.day(date(2024, 1, 31)).is_err());
    assert!((weather.day(date(2024, 2, 1)).unwrap()[5].air_temperature_k - 278.15).abs() < 1e-9);
}

#[test]
fn bad_cells_are_named() {
    let cell = |column: usize, value: &'static str| {
        edited(10, move |line| {
            let mut cells: Vec<&str> = line.split(',').collect();
            cells[column] = value;
            cells.join(",")
        })
    };
    let humidity = ["weather.csv, row 10", "relative_humidity [%]"];
    assert_error(
        &cell(2, "300"),
        "table.out_of_range",
        &[&humidity[..], &["300", "105 %"]].concat(),
    );
    assert_error(&cell(2, "NaN"), "table.not_finite", &humidity);
    assert_error(&cell(2, "n/a"), "table.not_a_number", &humidity);
    assert_error(&cell(2, ""), "table.blank", &humidity);
    assert_error(
        &cell(1, "-300"),
        "table.out_of_range",
        &["row 10", "air_temperature [degC]", "-90 degC"],
    );
    assert_error(
        &cell(5, "730"),
        "table.out_of_range",
        &["row 10", "pressure [kPa]", "730", "112 kPa"],
    );
    assert_error(
        &cell(6, "-1"),
        "table.out_of_range",
        &["row 10", "rain [mm/h]"],
    );
    assert_error(
        &cell(0, "2024-01-31T05:30"),
        "weather.bad_time",
        &["row 10", "column time", "05:30"],
    );
    assert_error(&cell(0, "01-31T08:00"), "weather.bad_time", &["row 10"]);
    assert_error(
        &edited(10, |line| line + ",7"),
        "table.ragged_row",
        &["row 10", "8", "7"],
    );
}

#[test]
fn bad_headers_are_named() {
    assert_error(
        &plain(72).replace("global [W/m2]", "sun [W/m2]"),
        "table.missing_column",
        &["global"],
    );
    assert_error(
        &plain(72).replace("[kPa]", "[furlong]"),
        "units.unknown_unit",
        &["pressure", "furlong"],
    );
    assert_error(
        &plain(72).replace("[kPa]", "[m/s]"),
        "units.wrong_dimension",
        &["pressure", "m/s"],
    );
    assert_error(
        &plain(72).replace("[degC]", ""),
        "units.missing_unit",
        &["air_temperature"],
    );
    assert_error("", "table.empty", &["weather.csv"]);
    assert_error(&format!("{HEADER}\n"), "table.no_rows", &["weather.csv"]);
    assert_error(
        "<html>\n<body>",
        "weather.unknown_format",
        &["weather.csv", "<html>", "EPW"],
    );
}

#[test]
fn gaps_and_repetitions_are_named() {
    let gap = own_csv(72, |i, line| (i != 30 && i != 31).then_some(line));
    assert_error(
        &gap,
        "weather.gap",
        &["row 32", "2 hours", "2024-02-01 06:00", "2024-02-01 08:00"],
    );
    let twice = edited(12, |line| line.replace("T10:", "T09:"));
    assert_error(
        &twice,
        "weather.not_rising",
        &["row 12", "2024-01-31 09:00"],
    );
    let back = edited(12, |line| line.replace("2024-01-31", "2024-01-30"));
    assert_error(&back, "weather.not_rising", &["row 12"]);
    assert_error(&plain(23), "weather.too_short", &["23 hours", "24"]);
}

#[test]
fn spreadsheets_and_comments_are_no_obstacle() {
    let text = format!("\u{feff}# a station\r\n{}", plain(48).replace('\n', "\r\n"));
    assert_eq!(read(&text, "weather.csv").unwrap().0.hours.len(), 48);
}

/// All hours of a year without leap day as (month, day, hour).
fn typical_hours() -> Vec<(i8, i8, i32)> {
    let first = date(2023, 1, 1).at(0, 0, 0, 0);
    (0..8760)
        .map(|i| first + jiff::Span::new().hours(i))
        .map(|time| (time.month(), time.day(), i32::from(time.hour())))
        .collect()
}

fn typical_csv() -> String {
    let rows: Vec<String> = typical_hours()
        .iter()
        .map(|(month, day, hour)| {
            format!("{month:02}-{day:02}T{hour:02}:00,{hour},40,3.5,{day},73,0")
        })
        .collect();
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

#[test]
fn a_typical_year_repeats_over_any_period() {
    let (weather, _) = read(&typical_csv(), "weather.csv").unwrap();
    assert_eq!(weather.calendar, Calendar::Typical);
    assert_eq!(weather.period(), None);
    for year in [1900, 2023, 2024, 2400] {
        for (month, day) in [(1, 1), (2, 28), (3, 1), (12, 31)] {
            let hour = weather.at(date(year, month, day), 7).unwrap();
            assert_eq!(hour.global_w_m2, f64::from(day), "{year}-{month}-{day}");
        }
    }
    assert_eq!(
        weather.day(date(2024, 2, 29)).unwrap(),
        weather.day(date(2024, 2, 28)).unwrap()
    );
}

#[test]
fn a_typical_year_must_be_whole() {
    let rows: Vec<String> = typical_csv().lines().map(String::from).collect();
    assert_error(
        &rows[..8000].join("\n"),
        "weather.too_short",
        &["7999", "8760"],
    );
    let gap = [&rows[..500], &rows[501..]].concat().join("\n");
    assert_error(&gap, "weather.gap", &["row 501", "1 hours", "01-21 19:00"]);
}

/// A made-up EPW file; the values vary so that a shifted column shows.
fn epw(change: impl Fn(usize, String) -> String) -> String {
    let mut text = String::from("LOCATION,Nowhere,-,NNN,made up,000000,36.8,95.3,8.0,2680.0\n");
    for header in [
        "DESIGN CONDITIONS,0",
        "TYPICAL/EXTREME PERIODS,0",
        "GROUND TEMPERATURES,0",
    ] {
        text += &format!("{header}\n");
    }
    text += "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0\nCOMMENTS 1,\nCOMMENTS 2,\n";
    text += "DATA PERIODS,1,1,Data,Sunday,1/1,12/31\n";
    for (i, (month, day, hour)) in typical_hours().into_iter().enumerate() {
        let line = format!(
            "2005,{month},{day},{},60,A7,{}.5,-9,35,73100,0,0,250,{},0,0,0,0,0,0,270,4.4,3,2,9999,99999,9,9,10,0,0,0,88,{},1",
            hour + 1,
            hour - 10,
            hour * 10,
            if hour == 4 { "0.2" } else { "0" }
        );
        text += &change(i, line);
        text += "\n";
    }
    text
}

#[test]
fn epw_is_read_by_column() {
    let (weather, notices) = read(&epw(|_, line| line), "x.epw").unwrap();
    assert_eq!(weather.format, Format::Epw);
    let site = weather.site.unwrap();
    assert_eq!(
        (
            site.latitude_deg,
            site.longitude_deg,
            site.utc_offset_h,
            site.elevation_m
        ),
        (36.8, 95.3, 8.0, 2680.0)
    );
    let hour = weather.at(date(2030, 6, 2), 13).unwrap();
    assert!((hour.air_temperature_k - 276.65).abs() < 1e-9);
    assert!((hour.relative_humidity() - 0.35).abs() < 1e-12);
    assert_eq!(
        (hour.pressure_pa, hour.wind_m_s, hour.global_w_m2),
        (73_100.0, 4.4, 130.0)
    );
    assert_eq!(hour.long_wave_down_w_m2, Some(250.0));
    assert!((weather.at(date(2030, 6, 2), 4).unwrap().rain_m_s * 3.6e6 - 0.2).abs() < 1e-9);
    assert!(notices.is_empty(), "{notices:?}");
}

#[test]
fn epw_missing_marks_are_errors_where_a_value_is_needed_and_not_elsewhere() {
    let hole = |from: &'static str, to: &'static str| {
        epw(move |i, line| {
            if i == 99 {
                line.replacen(from, to, 1)
            } else {
                line
            }
        })
    };
    let error = read(&hole(",73100,", ",999999,"), "x.epw").unwrap_err();
    assert_eq!(error.code(), "weather.missing_value");
    assert!(
        error
            .to_string()
            .contains("x.epw, row 108, column pressure: “999999”"),
        "{error}"
    );
    let (weather, _) = read(&hole(",250,", ",9999,"), "x.epw").unwrap();
    assert_eq!(weather.hours[99].long_wave_down_w_m2, None);
    let (_, notices) = read(
        &epw(|_, line| line.replace(",88,0,1", ",88,999,1")),
        "x.epw",
    )
    .unwrap();
    assert_eq!(
        notices,
        [Notice::RainCoverage {
            known_h: 365,
            total_h: 8760
        }]
    );
}

#[test]
fn epw_with_records_of_half_hours_is_refused() {
    let text = epw(|_, line| line).replace("DATA PERIODS,1,1", "DATA PERIODS,1,2");
    assert_eq!(
        read(&text, "x.epw").unwrap_err().code(),
        "weather.not_hourly"
    );
}

#[test]
fn epw_of_a_leap_year_drops_its_leap_day() {
    let text = epw(|_, line| {
        if line.starts_with("2005,3,1,1,") {
            let leap: Vec<String> = (1..=24)
                .map(|h| line.replacen("2005,3,1,1,", &format!("2004,2,29,{h},"), 1))
                .collect();
            format!("{}\n{line}", leap.join("\n"))
        } else {
            line
        }
    });
    let (weather, notices) = read(&text, "x.epw").unwrap();
    assert_eq!(weather.hours.len(), 8760);
    assert_eq!(notices, [Notice::LeapDayDropped { hours: 24 }]);
}

/// A made-up TMY3 file: native hours 01:00 to 24:00, months from two years, wide native header.
fn tmy3(change: impl Fn(usize, String) -> String) -> String {
    let mut text = String::from("725720,\"SOMEWHERE, DRY\",UT,-7.0,40.78,-111.97,1288\n");
    text += "Date (MM/DD/YYYY),Time (HH:MM),ETR (W/m^2),GHI (W/m^2),GHI source,Dry-bulb (C),Dry-bulb source,RHum (%),\
             Pressure (mbar),Wspd (m/s),Lprecip depth (mm),Lprecip quantity (hr)\n";
    for (i, (month, day, hour)) in typical_hours().into_iter().enumerate() {
        let year = if month < 6 { 1990 } else { 2003 };
        let line = format!(
            "{month:02}/{day:02}/{year},{:02}:00,0,{},1,{hour},A,50,870,2.5,0.4,1",
            hour + 1,
            10 * hour
        );
        text += &change(i, line);
        text += "\n";
    }
    text
}

#[test]
fn tmy3_hours_end_where_they_are_stamped() {
    let (weather, notices) = read(&tmy3(|_, line| line), "x.csv").unwrap();
    assert_eq!(weather.format, Format::Tmy3);
    assert_eq!(weather.site.unwrap().utc_offset_h, -7.0);
    assert_eq!(weather.at(date(2025, 7, 9), 23).unwrap().global_w_m2, 230.0);
    assert_eq!(weather.at(date(2025, 7, 9), 0).unwrap().global_w_m2, 0.0);
    assert_eq!(notices, [Notice::MixedYears { years: 2 }]);
}

#[test]
fn tmy3_midnight_may_carry_either_date() {
    let this_day = tmy3(|_, line| line.replace(",24:00,", ",00:00,"));
    let expected = read(&tmy3(|_, line| line), "x.csv").unwrap().0;
    assert_eq!(read(&this_day, "x.csv").unwrap().0.hours, expected.hours);
    let times = typical_hours();
    let next_day = tmy3(|i, line| {
        let (month, day, _) = times[(i + 1) % 8760];
        if i % 24 == 23 {
            format!("{month:02}/{day:02}/1990,00:00{}", &line[16..])
        } else {
            line
        }
    });
    assert_eq!(read(&next_day, "x.csv").unwrap().0.hours, expected.hours);
}

#[test]
fn tmy3_rain_counts_only_over_one_hour() {
    let text = tmy3(|i, line| match i {
        0 => line,
        1 => line.replace(",0.4,1", ",30,24"),
        2 => line.replace(",0.4,1", ",-9900,1"),
        _ => line.replace(",0.4,1", ",0,-9900"),
    });
    let (weather, notices) = read(&text, "x.csv").unwrap();
    let depth_mm: f64 = weather.hours.iter().map(|hour| hour.rain_m_s * 3.6e6).sum();
    assert!((depth_mm - 0.4).abs() < 1e-9, "{depth_mm}");
    assert!(
        notices.contains(&Notice::RainCoverage {
            known_h: 1,
            total_h: 8760
        }),
        "{notices:?}"
    );
}

#[test]
fn tmy3_rain_in_true_millimetres_is_not_divided() {
    // 1 and 2 mm are what hours of rain mostly bring.
    let text = tmy3(|i, line| {
        line.replace(
            ",0.4,1",
            if i % 50 == 0 {
                ",1,1"
            } else if i % 90 == 0 {
                ",3,1"
            } else {
                ",0,1"
            },
        )
    });
    let (weather, notices) = read(&text, "x.csv").unwrap();
    assert!(
        !notices
            .iter()
            .any(|notice| matches!(notice, Notice::RainInTenths { .. }))
    );
    assert!((weather.hours[0].rain_m_s * 3.6e6 - 1.0).abs() < 1e-9);
}

#[test]
fn tmy3_missing_values_are_named() {
    let text = tmy3(|i, line| {
        if i == 7 {
            line.replace(",870,", ",-9900,")
        } else {
            line
        }
    });
    let error = read(&text, "x.csv").unwrap_err();
    assert_eq!(error.code(), "weather.missing_value");
    assert!(
        error
            .to_string()
            .contains("x.csv, row 10, column Pressure (mbar)"),
        "{error}"
    );
    let text = tmy3(|_, line| line).replace("Wspd (m/s)", "Wind");
    assert_eq!(
        read(&text, "x.csv").unwrap_err().code(),
        "table.missing_column"
    );
    let text = tmy3(|i, line| if i == 7 { line + ",1" } else { line });
    assert_eq!(read(&text, "x.csv").unwrap_err().code(), "table.ragged_row");
}

/// A made-up PVGIS typical year in UTC; radiation counts the hours of the day.
fn pvgis_tmy() -> String {
    let mut text = String::from(
        "Latitude (decimal degrees): 36.8\r\nLongitude (decimal degrees): 95.3\r\nElevation (m): 2680.0\r\n\
         Irradiance Time Offset (h): 0.1\r\nmonth,year\r\n1,2012\r\n2,2015\r\n\
         time(UTC),T2m,RH,G(h),Gb(n),Gd(h),IR(h),WS10m,WD10m,SP\r\n",
    );
    for (month, day, hour) in typical_hours() {
        text += &format!(
            "2012{month:02}{day:02}:{hour:02}00,-3.5,60,{hour},0,0,220.5,2.2,200,73050\r\n"
        );
    }
    text + "\r\nT2m: 2-m air temperature (degree Celsius)\r\n"
}

#[test]
fn pvgis_typical_year_is_turned_to_local_time() {
    let (weather, notices) = read(&pvgis_tmy(), "tmy.csv").unwrap();
    assert_eq!(weather.format, Format::Pvgis);
    assert_eq!(weather.site.unwrap().utc_offset_h, 6.0);
    // 12 o'clock local is 6 o'clock UTC.
    assert_eq!(weather.at(date(2025, 5, 5), 12).unwrap().global_w_m2, 6.0);
    assert_eq!(weather.hours[0].long_wave_down_w_m2, Some(220.5));
    assert_eq!(
        notices,
        [Notice::OffsetAssumed { utc_offset_h: 6.0 }, Notice::NoRain]
    );
}

#[test]
fn pvgis_hourly_series_needs_humidity_and_a_horizontal_plane() {
    let hourly = |slope: &str, header: &str, tail: &str| {
        let mut text = format!(
            "Latitude (decimal degrees):\t40.0\nLongitude (decimal degrees):\t-112.0\nElevation (m):\t1290\n\
             Radiation database:\tX\n\nSlope: {slope} deg.\nAzimuth: 0 deg.\n{header}\n"
        );
        for i in 0..48 {
            text += &format!(
                "201602{:02}:{:02}10,{i},10.0,2.0,3.0{tail},0\n",
                28 + i / 24,
                i % 24
            );
        }
        text
    };
    let error = read(&hourly("0", "time,G(i),H_sun,T2m,WS10m,Int", ""), "h.csv").unwrap_err();
    assert_eq!(error.code(), "table.missing_column");
    assert!(error.to_string().contains("RH"), "{error}");
    let header = "time,G(i),H_sun,T2m,WS10m,RH,Int";
    assert_eq!(
        read(&hourly("35", header, ",55"), "h.csv")
            .unwrap_err()
            .code(),
        "weather.tilted"
    );
    let (weather, notices) = read(&hourly("0", header, ",55"), "h.csv").unwrap();
    // UTC-7: the series begins at 17 o'clock of the day before.
    assert_eq!(
        weather.calendar,
        Calendar::Dated {
            first: date(2016, 2, 27).at(17, 0, 0, 0)
        }
    );
    assert_eq!(
        weather.period(),
        Some((date(2016, 2, 28), date(2016, 2, 28)))
    );
    assert_eq!(weather.at(date(2016, 2, 28), 0).unwrap().global_w_m2, 7.0);
    assert!(
        notices
            .iter()
            .any(|notice| notice.code() == "weather.pressure_assumed")
    );
}

#[test]
fn a_sun_off_the_clock_is_noticed() {
    // Longitude 105 west is noon at 12 o'clock of UTC-7; radiation around 12 o'clock.
    let file = |offset: &str| {
        let text = tmy3(|i, line| {
            let hour = (i % 24) as f64 + 0.5;
            let sun = (1000.0 * (std::f64::consts::PI * (hour - 6.0) / 12.0).sin()).max(0.0);
            line.replacen(
                &format!(",0,{},1,", 10 * (i % 24)),
                &format!(",0,{sun:.0},1,"),
                1,
            )
        });
        text.replacen("-7.0,40.78,-111.97", &format!("{offset},40.78,-105"), 1)
    };
    let lead = |offset: &str| {
        let (_, notices) = super::read(&file(offset), "x.csv").unwrap();
        notices.into_iter().find_map(|notice| match notice {
            Notice::SunOffClock { lead_h } => Some(lead_h),
            _ => None,
        })
    };
    assert_eq!(lead("-7.0"), None);
    assert!(
        (lead("-6.0").unwrap() - 1.0).abs() < 0.1,
        "{:?}",
        lead("-6.0")
    );
    assert!(
        (lead("8.0").unwrap().abs() - 9.0).abs() < 0.5,
        "{:?}",
        lead("8.0")
    );
}

#[test]
fn every_message_stands_in_both_languages() {
    for entry in catalogue().entries() {
        assert!(
            entry.code.starts_with("weather.") && !entry.en.is_empty() && !entry.zh.is_empty(),
            "{entry:?}"
        );
        let holes = |text: &str| {
            let mut names: Vec<String> = text
                .split('{')
                .skip(1)
                .filter_map(|part| part.split_once('}'))
                .map(|(name, _)| name.into())
                .collect();
            names.sort();
            names
        };
        assert_eq!(holes(&entry.en), holes(&entry.zh), "{}", entry.code);
    }
}

#[test]
fn every_code_has_its_sentence() {
    let sources = [include_str!("error.rs"), include_str!("notice.rs")];
    let codes = sources
        .iter()
        .flat_map(|source| source.split("=> \"weather.").skip(1))
        .map(|rest| format!("weather.{}", rest.split('"').next().unwrap_or_default()));
    let known: Vec<&str> = catalogue()
        .entries()
        .iter()
        .map(|entry| entry.code.as_str())
        .collect();
    let mut count = 0;
    for code in codes {
        assert!(known.contains(&code.as_str()), "{code}");
        count += 1;
    }
    assert_eq!(count, known.len());
}

mod garbage {
    use proptest::prelude::*;

    const HEADS: [&str; 5] = [
        "LOCATION,a,b,c,d,e,36.8,95.3,8,2680\nDATA PERIODS,1,1,Data,Sunday,1/1,12/31\n",
        "1,\"a, b\",UT,-7,40,-112,1288\nDate (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2),Dry-bulb (C),RHum (%),Pressure (mbar),Wspd (m/s)\n",
        "Latitude (decimal degrees): 36\nLongitude (decimal degrees): 95\nElevation (m): 1\ntime(UTC),T2m,RH,G(h),WS10m\n",
        "Latitude (decimal degrees): 36\nLongitude (decimal degrees): 95\nElevation (m): 1\ntime,T2m,RH,G(i),WS10m\n",
        "time,air_temperature [degC],relative_humidity [%],wind [m/s],global [W/m2],pressure [kPa],rain [mm/h]\n",
    ];

    proptest! {
        /// Whatever stands below a head: an error or weather, never a panic.
        #[test]
        fn is_refused_in_words(head in 0..5_usize, tail in "[-0-9/:,.TNa°盐\"\n ]{0,200}") {
            if let Err(error) = super::super::read(&format!("{}{tail}", HEADS[head]), "x") {
                prop_assert!(error.to_string().len() > 10);
            }
        }

        #[test]
        fn without_a_head_too(text in "\\PC{0,200}") {
            prop_assert!(super::super::read(&text, "x").is_err());
        }

        #[test]
        fn in_normals_too(tail in "[-0-9year,.\n]{0,200}") {
            let site = crate::Site { latitude_deg: 36.8, ..crate::Site::default() };
            let head = "month,air_temperature [degC],relative_humidity [%],wind [m/s],global [W/m2],rain [mm]\n";
            if let Ok((normals, _)) = crate::generator::Normals::read(&format!("{head}{tail}"), "x", &site) {
                let _ = crate::generator::generate(&normals, &site, 1);
            }
        }
    }
}
