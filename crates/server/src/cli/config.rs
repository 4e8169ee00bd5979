//! `doorward config`: what a server would run with.

use std::error::Error;

use clap::{ArgMatches, CommandFactory, parser::ValueSource};
use serde_json::json;

use super::{
    Cli, RunArgs,
    output::{self, Cell, FAINT},
};
use crate::config::{Config, Options};

pub(super) fn run(args: RunArgs) -> Result<(), Box<dyn Error>> {
    let file = Config::from_file(args.config.config.as_deref())?;
    let merged = args.config.options.or(file.clone());
    let config = Config::new(merged.clone())?;
    let matches = Cli::command().get_matches();
    let matches = matches.subcommand_matches("config");
    // URLs are shown without their passwords.
    let url = |key| match key {
        "database_url" => Some(config.database.to_string()),
        "mail_url" => Some(config.mail.to_string()),
        "redis_url" => config.redis.as_ref().map(ToString::to_string),
        _ => None,
    };
    let entries = config.effective(&merged).entries().into_iter();
    let entries: Vec<_> = entries
        .map(|(key, value)| (key, url(key).or(value), source(key, matches, &file)))
        .collect();
    if args.json {
        let entry = |(key, value, source): &(&str, Option<String>, &str)| {
            ((*key).to_owned(), json!({ "value": value, "source": source }))
        };
        let object: serde_json::Map<_, _> = entries.iter().map(entry).collect();
        return output::print_json(&object);
    }
    let rows: Vec<_> = entries
        .into_iter()
        .map(|(key, value, source)| {
            let source =
                if source == DEFAULT { Cell::styled(source, FAINT) } else { source.into() };
            [key.into(), Cell::maybe(value.filter(|value| !value.is_empty())), source]
        })
        .collect();
    output::print(&output::table(["KEY", "VALUE", "FROM"], &rows))
}

const DEFAULT: &str = "default";

/// Where the value of an option is from.
fn source(key: &str, matches: Option<&ArgMatches>, file: &Options) -> &'static str {
    match matches.and_then(|matches| matches.value_source(key)) {
        Some(ValueSource::CommandLine) => "flag",
        Some(ValueSource::EnvVariable) => "variable",
        _ => {
            let in_file =
                file.entries().iter().any(|(name, value)| *name == key && value.is_some());
            if in_file { "file" } else { DEFAULT }
        }
    }
}
