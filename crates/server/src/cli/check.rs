//! `doorward check`: whether a server could run so. Nothing is changed but a file that is written and removed.

mod database;
mod files;
mod mail;
mod step;

use std::error::Error;

use serde_json::json;

use super::{RunArgs, output};
use crate::{config::Config, local};
use step::Step;

#[derive(Debug, thiserror::Error)]
#[error("{0} found: mend what is said above, and run this again")]
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
        output::print(&output::table(["", "WHAT", ""], &rows))?;
    }
    if failed > 0 { Err(Problems(output::count(failed, "problem")).into()) } else { Ok(()) }
}

async fn all(config: &Config) -> Vec<Step> {
    let url = config.settings.public_url.as_str();
    let words = format!("listens on {}, public URL {url}", config.listen);
    let mut steps = vec![Step::good("configuration", words)];
    steps.push(files::data_folder(config));
    steps.push(files::secret(config));
    steps.extend(database::steps(config).await);
    steps.extend(mail::steps(config).await);
    steps
}
