//! `doorward doctor`: checks whether a server would start with this configuration, and what it would warn about. Changes
//! nothing, except for a file that it writes and removes.

mod database;
mod files;
mod listeners;
mod mail;
mod step;

use std::{error::Error, thread};

use serde_json::json;

use super::{RunArgs, output};
use crate::{cli::local, config::Config, data_dir, observability::telemetry::Telemetry};
use step::Step;

#[derive(Debug, thiserror::Error)]
#[error("{0} found: fix them and run this command again")]
struct Problems(String);

pub(super) fn run(args: RunArgs) -> Result<(), Box<dyn Error>> {
    let json = args.json;
    let steps = match args.config.load() {
        Ok(config) => local::block_on(all(&config))?,
        Err(error) => vec![Step::failed("configuration", &*error)],
    };
    let failed = steps.iter().filter(|step| step.is_failed()).count();
    if json {
        let listed: Vec<_> = steps.iter().map(Step::as_json).collect();
        output::print_json(&json!({ "ok": failed == 0, "steps": listed }))?;
    } else {
        let rows: Vec<_> = steps.iter().map(Step::row).collect();
        output::print(&output::table(["", "CHECK", ""], &rows))?;
    }
    if failed > 0 { Err(Problems(output::count(failed, "problem")).into()) } else { Ok(()) }
}

async fn all(config: &Config) -> Vec<Step> {
    let url = config.settings.public_url.as_str();
    let words = format!("listens on {}, public URL {url}", config.listen);
    let mut steps = vec![match config.check_start() {
        Ok(()) => Step::good("configuration", words),
        Err(error) => Step::failed("configuration", &error),
    }];
    steps.extend(listeners::steps(config));
    steps.push(files::data_folder(config));
    let (has_keys, database) = database::steps(config).await;
    steps.push(files::secret(config, has_keys));
    steps.extend(database);
    steps.push(files::templates(config));
    steps.push(files::pages(config));
    steps.extend(traces(config));
    steps.extend(mail::steps(config).await);
    let warnings = config.warnings().into_iter().chain(data_dir::warnings(config));
    steps.extend(warnings.map(|(option, words)| Step::warning(option, words)));
    steps
}

/// Checks the trace exporter on a separate thread, because it has its own async runtime, which can't be nested.
fn traces(config: &Config) -> Option<Step> {
    const WHAT: &str = "traces";
    let options = config.telemetry.as_ref()?;
    let built = thread::scope(|scope| {
        scope.spawn(|| Telemetry::start(options).map(Telemetry::stop)).join()
    });
    match built {
        Ok(Ok(())) => Some(Step::good(WHAT, format!("exported to {}", options.endpoint))),
        Ok(Err(error)) => Some(Step::failed(WHAT, &error)),
        Err(_) => Some(Step::failed_with(WHAT, "the exporter can't be started")),
    }
}
