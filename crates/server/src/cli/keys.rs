//! `doorward keys`: the keys that access tokens are signed with.

use std::error::Error;

use clap::Subcommand;
use doorward_application::rotate_keys::Handover;
use doorward_domain::signing_key::{KeyState, SigningKey};
use serde_json::{Value, json};
use time::{OffsetDateTime, error::Format, format_description::well_known::Rfc3339};

use super::{ConfigArgs, output};
use crate::{config::Config, local};

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// List the keys, the oldest first.
    List {
        /// Write JSON, for programs.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        config: ConfigArgs,
    },
    /// Make the next key. It is published at once, and signs a day later, so that everybody who keeps
    /// the key set has seen it. The others are published until the last of their tokens has expired.
    Rotate {
        /// Let the new key sign within half a minute, as soon as all replicas have read it. If there is a
        /// next key already, that one does.
        #[arg(long)]
        now: bool,
        /// Let the new key sign at once, and refuse all tokens of the others from now on: for keys that
        /// somebody else may have. People go on with their refresh tokens.
        #[arg(long)]
        revoke_others: bool,
        /// Write JSON, for programs.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        config: ConfigArgs,
    },
}

impl KeysCommand {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        match self {
            Self::List { json, config } => list(json, &config.load()?),
            Self::Rotate { now, revoke_others, json, config } => {
                rotate(handover(now, revoke_others), json, &config.load()?)
            }
        }
    }
}

fn list(json: bool, config: &Config) -> Result<(), Box<dyn Error>> {
    local::run(config, |state| async move {
        let keys = state.application.rotate_keys.list().await?;
        if json {
            let keys = keys.iter().map(|(key, state)| as_json(key, *state));
            output::print_json(&keys.collect::<Result<Vec<_>, _>>()?)
        } else {
            output::print(&as_table(&keys)?)
        }
    })
}

fn rotate(handover: Handover, json: bool, config: &Config) -> Result<(), Box<dyn Error>> {
    local::run(config, |state| async move {
        let use_case = &state.application.rotate_keys;
        let key = use_case.run(handover).await?;
        if json {
            let keys = use_case.list().await?;
            let made = keys.iter().find(|(listed, _)| listed.kid == key.kid);
            let made = made.map(|(key, state)| as_json(key, *state)).transpose()?;
            return output::print_json(&made);
        }
        let from = rfc3339(key.activates_at)?;
        output::print(&format!("{} ({}) signs from {from} on\n", key.kid, key.algorithm))
    })
}

fn handover(now: bool, revoke_others: bool) -> Handover {
    match (now, revoke_others) {
        (_, true) => Handover::AtOnceAndAlone,
        (true, false) => Handover::Soon,
        (false, false) => Handover::Published,
    }
}

type Listed = (SigningKey, KeyState);

fn as_table(keys: &[Listed]) -> Result<String, Format> {
    let row = |(key, state): &Listed| {
        let until = key.expires_at.map_or(Ok("-".to_owned()), rfc3339)?;
        let (kid, algorithm) = (key.kid.clone(), key.algorithm.clone());
        Ok([kid, algorithm, state.as_str().to_owned(), rfc3339(key.activates_at)?, until])
    };
    let rows = keys.iter().map(row).collect::<Result<Vec<_>, Format>>()?;
    Ok(output::table(["KEY", "ALGORITHM", "STATE", "SIGNS FROM", "PUBLISHED UNTIL"], &rows))
}

fn as_json(key: &SigningKey, state: KeyState) -> Result<Value, Format> {
    Ok(json!({
        "kid": key.kid,
        "algorithm": key.algorithm,
        "state": state.as_str(),
        "created_at": rfc3339(key.created_at)?,
        "activates_at": rfc3339(key.activates_at)?,
        "expires_at": key.expires_at.map(rfc3339).transpose()?,
    }))
}

/// To the second: nobody asks for more.
fn rfc3339(time: OffsetDateTime) -> Result<String, Format> {
    time.truncate_to_second().format(&Rfc3339)
}
