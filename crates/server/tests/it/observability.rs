//! docs/operate/monitoring.md lists all metrics and events.

use std::collections::BTreeSet;

use doorward_domain::audit::AuditKind;
use doorward_server::config::Options;

use crate::{
    architecture::sources,
    metrics,
    support::{Backend, TestApp, run},
};

const PAGE: &str = include_str!("../../../../docs/operate/monitoring.md");

/// Returns the first column of the table below a heading.
fn listed(heading: &str) -> BTreeSet<String> {
    let (_, section) =
        PAGE.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("{heading}"));
    let rows = section.lines().take_while(|line| !line.starts_with('#'));
    let first = rows.filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    first.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn documented_metrics_are_exactly_the_exported_ones() {
    run(Backend::Sqlite, |backend| async move {
        // Redis is unreachable; its metrics exist anyway.
        let redis_url = Some("redis+unix:///does/not/exist".parse().unwrap());
        let options = Options { rate_limits_enabled: Some(true), redis_url, ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        app.register("ann").await;
        let text = metrics::metrics(&app).await;
        let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
        let told: BTreeSet<_> = types
            .map(|line| match line.split_once(' ').unwrap() {
                (name, "counter") => format!("{name}_total"),
                (name, "info") => format!("{name}_info"),
                (name, _) => name.to_owned(),
            })
            .collect();
        assert_eq!(told, listed("## Metrics"));
    });
}

#[test]
fn documented_events_are_exactly_the_logged_ones() {
    let source = sources();
    let literal = source.split("event = \"").skip(1).map(|rest| rest.split('"').next().unwrap());
    // Skip the literal of this file.
    let literal = literal.filter(|name| !name.ends_with('\\'));
    let kinds = AuditKind::ALL.iter().map(|kind| kind.as_str());
    let logged: BTreeSet<_> = literal.chain(kinds).map(str::to_owned).collect();
    assert_eq!(logged, listed("### Events"));
}

/// Labels, their values, spans, and attributes: what the tables name in code font after or in their first column.
#[test]
fn documented_labels_and_spans_exist_in_the_code() {
    let source = sources();
    let (_, tables) = PAGE.split_once("\n## Metrics\n").unwrap();
    let rows = tables.lines().filter(|line| line.starts_with("| "));
    let names = rows.flat_map(|row| row.split('`').skip(1).step_by(2)).filter(|name| {
        !name.contains(['/', '-'])
            && !name.starts_with("doorward_")
            && !name.starts_with("process_")
    });
    let names: BTreeSet<_> = names.collect();
    assert!(names.len() > 20, "{names:?}");
    for name in names {
        let written = [format!("\"{name}\""), format!("{name}:"), format!("{name} =")];
        assert!(written.iter().any(|it| source.contains(it)), "{name}");
    }
}

/// Span names are literals, and arguments may be secret.
#[test]
fn use_case_spans_record_no_arguments() {
    let source = sources();
    let spans: Vec<_> = source.split("#[instrument(").skip(1).collect();
    assert!(spans.len() > 50);
    for span in spans {
        let attribute = span.split_once(")]").unwrap().0;
        if !attribute.contains('\\') && !attribute.starts_with('"') {
            assert!(attribute.contains("skip_all") && !attribute.contains("fields"), "{attribute}");
        }
    }
}
