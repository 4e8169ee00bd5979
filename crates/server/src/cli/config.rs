//! `doorward config`: the effective configuration.

use std::error::Error;

use serde_json::json;

use super::{
    RunArgs,
    output::{self, Cell, FAINT},
};
use crate::config::{Config, Layers, key_in_file};

pub(super) fn run(args: RunArgs) -> Result<(), Box<dyn Error>> {
    let layers = Layers::read(args.config.config.as_deref(), args.config.options)?;
    let merged = layers.clone().merged();
    let config = Config::new(merged.clone())?;
    // URLs are shown without passwords.
    let url = |key| match key {
        "database_url" => Some(config.database.to_string()),
        "mail_url" => Some(config.mail.to_string()),
        "redis_url" => config.redis.as_ref().map(ToString::to_string),
        _ => None,
    };
    let entries = config.effective(&merged).entries().into_iter();
    let entries: Vec<_> = entries
        .map(|(key, value)| (key, url(key).or(value), layers.source(key).unwrap_or(DEFAULT)))
        .collect();
    if args.json {
        let entry = |(key, value, source): &(&str, Option<String>, &str)| {
            (key_in_file(key), json!({ "value": value, "source": source }))
        };
        let object: serde_json::Map<_, _> = entries.iter().map(entry).collect();
        return output::print_json(&object);
    }
    let rows: Vec<_> = entries
        .into_iter()
        .map(|(key, value, source)| {
            let source =
                if source == DEFAULT { Cell::styled(source, FAINT) } else { source.into() };
            [
                key_in_file(key).into(),
                Cell::optional(value.filter(|value| !value.is_empty())),
                source,
            ]
        })
        .collect();
    output::print(&output::table(["OPTION", "VALUE", "SOURCE"], &rows))
}

const DEFAULT: &str = "default";
