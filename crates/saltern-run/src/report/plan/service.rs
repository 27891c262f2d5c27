//! How computing work was served: by its deadline or not, how close it came, what was given up; and the limits published for it.

use super::hours::Hours;
use super::lines;
use crate::plan::{PlanAnswer, ServiceAnswer};
use crate::report::svg::escape;
use crate::report::view::View;
use crate::report::{numbers, texts, titled};

pub(super) fn section(view: &View<'_>, plan: &PlanAnswer, hours: &Hours<'_>) -> String {
    if plan.service.is_empty() {
        return String::new();
    }
    let lang = view.lang;
    let heads = [
        texts::SERVICE_ARRIVED,
        texts::SERVICE_IN_TIME,
        texts::SERVICE_DROPPED,
        texts::SERVICE_SLACK,
        texts::SERVICE_WAIT,
        texts::SERVICE_JOBS,
    ];
    let head: String = heads
        .iter()
        .map(|text| format!("<th>{}</th>", escape(text.get(lang))))
        .collect();
    let rows: String = plan.service.iter().map(|s| row(view, s)).collect();
    let mut body = format!(
        "<div class=\"tables\"><figure><div class=\"scroll\"><table><thead><tr><th class=\"l\">{}</th>{head}</tr></thead>\
         <tbody>{rows}</tbody></table></div></figure></div>",
        texts::SERVICE_CLASS.get(lang)
    );
    if let Some(limits) = &plan.limits {
        let margin = numbers::percent(limits.margin);
        let kept = numbers::percent(limits.kept);
        let note = match limits.quantile {
            Some(quantile) => texts::LIMITS_QUANTILE.with(
                lang,
                &[
                    ("margin", &margin),
                    ("quantile", &numbers::percent(quantile)),
                    ("kept", &kept),
                ],
            ),
            None => texts::LIMITS_GIVEN.with(lang, &[("margin", &margin), ("kept", &kept)]),
        };
        body += &format!(
            "<h3>{}</h3><p class=\"note\">{}</p>{}",
            escape(texts::LIMITS.get(lang)),
            escape(&note),
            lines::limits(view, hours)
        );
    }
    titled(lang, texts::SERVICE, texts::SERVICE_NOTE.get(lang), &body)
}

fn row(view: &View<'_>, service: &ServiceAnswer) -> String {
    let hours = |h: f64| format!("{} h", numbers::significant(h, 3));
    let in_time = if service.arrived_mwh > 0.0 {
        numbers::percent(service.in_time_mwh / service.arrived_mwh)
    } else {
        numbers::NONE.to_owned()
    };
    let jobs = if service.jobs > 0 {
        format!("{} / {}", service.jobs_in_time, service.jobs)
    } else {
        numbers::NONE.to_owned()
    };
    let slack = service.worst_slack_h;
    format!(
        "<tr><td class=\"l\">{}</td><td>{} MWh</td><td>{in_time}</td><td>{} MWh</td><td>{}</td><td>{}</td><td>{jobs}</td></tr>",
        escape(view.label(&service.name, &service.class)),
        numbers::significant(service.arrived_mwh, 4),
        numbers::significant(service.dropped_mwh, 3),
        slack.map_or_else(|| numbers::NONE.to_owned(), hours),
        hours(service.mean_wait_h),
    )
}
