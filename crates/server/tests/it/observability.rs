//! Whether docs/observability.md tells what there is.

use std::collections::BTreeSet;

use doorward_domain::audit::AuditKind;
use doorward_server::config::Options;

use crate::{
    architecture::sources,
    metrics,
    support::{Backend, TestApp, run},
};

const PAGE: &str = include_str!("../../../../docs/observability.md");

/// What is in the first column of the table below a heading.
fn listed(heading: &str) -> BTreeSet<String> {
    let (_, section) =
        PAGE.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("{heading}"));
    let rows = section.lines().take_while(|line| !line.starts_with('#'));
    let first = rows.filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    first.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn every_metric_is_documented_and_no_other() {
    run(Backend::Sqlite, |backend| async move {
        // Away: what is counted of Redis is there all the same.
        let redis_url = Some("redis+unix:///does/not/exist".parse().unwrap());
        let options = Options { limits_enabled: Some(true), redis_url, ..Options::default() };
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
fn every_event_is_documented_and_no_other() {
    let source = sources();
    let literal = source.split("event = \"").skip(1).map(|rest| rest.split('"').next().unwrap());
    // This file's own.
    let literal = literal.filter(|name| !name.ends_with('\\'));
    let kinds = AuditKind::ALL.iter().map(|kind| kind.as_str());
    let logged: BTreeSet<_> = literal.chain(kinds).map(str::to_owned).collect();
    assert_eq!(logged, listed("### Events"));
}

/// The names of spans, which are literals.
#[test]
fn every_span_of_a_use_case_takes_none_of_its_arguments() {
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
