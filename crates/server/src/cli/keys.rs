//! `doorward keys`: the keys that access tokens are signed with.

use std::error::Error;

use clap::Subcommand;
use doorward_application::rotate_keys::Handover;
use doorward_domain::signing_key::{KeyState, SigningKey};
use serde_json::{Value, json};
use time::error::Format;

use super::{
    RunArgs,
    output::{self, Cell, FAINT, GOOD, ODD},
};
use crate::{config::Config, local};

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// List the keys, the oldest first.
    List {
        #[command(flatten)]
        run: RunArgs,
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
        #[command(flatten)]
        run: RunArgs,
    },
}

impl KeysCommand {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        match self {
            Self::List { run } => list(run.json, &run.config.load()?),
            Self::Rotate { now, revoke_others, run } => {
                rotate(handover(now, revoke_others), run.json, &run.config.load()?)
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
        let from = output::time(key.activates_at)?;
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
        let style = match state {
            KeyState::Active => GOOD,
            KeyState::Next => ODD,
            KeyState::Retired | KeyState::Gone => FAINT,
        };
        Ok([
            key.kid.as_str().into(),
            key.algorithm.as_str().into(),
            Cell::styled(state.as_str(), style),
            output::time(key.activates_at)?.into(),
            Cell::maybe(output::maybe_time(key.expires_at)?),
        ])
    };
    let rows = keys.iter().map(row).collect::<Result<Vec<_>, Format>>()?;
    Ok(output::table(["KEY", "ALGORITHM", "STATE", "SIGNS FROM", "PUBLISHED UNTIL"], &rows))
}

fn as_json(key: &SigningKey, state: KeyState) -> Result<Value, Format> {
    Ok(json!({
        "kid": key.kid,
        "algorithm": key.algorithm,
        "state": state.as_str(),
        "created_at": output::time(key.created_at)?,
        "activates_at": output::time(key.activates_at)?,
        "expires_at": output::maybe_time(key.expires_at)?,
    }))
}
