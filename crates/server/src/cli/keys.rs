//! `doorward keys`: the keys that sign access tokens.

use std::error::Error;

use clap::Subcommand;
use doorward_application::keys::rotate::Rollover;
use doorward_domain::signing_key::{KeyState, SigningKey};
use serde_json::{Value, json};
use time::error::Format;

use super::{
    RunArgs,
    output::{self, Cell, FAINT, GOOD, WARN},
};
use crate::{cli::local, config::Config};

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// List signing keys, oldest first.
    List {
        #[command(flatten)]
        run: RunArgs,
    },
    /// Create the next signing key. It is published immediately and signs a day later, so that every client that caches
    /// the key set has loaded it. Older keys stay published until their last token has expired.
    Rotate {
        /// Let the next key sign within 30 seconds, as soon as all replicas have loaded it. A next key that already
        /// exists is used.
        #[arg(long)]
        now: bool,
        /// Let a new key sign immediately and reject all tokens of the other keys: for keys that may be compromised.
        /// Users stay signed in with their refresh tokens.
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
        let keys = state.application.keys.rotate.list().await?;
        if json {
            let keys = keys.iter().map(|(key, state)| as_json(key, *state));
            output::print_json(&keys.collect::<Result<Vec<_>, _>>()?)
        } else {
            output::print(&as_table(&keys)?)
        }
    })
}

fn rotate(handover: Rollover, json: bool, config: &Config) -> Result<(), Box<dyn Error>> {
    local::run(config, |state| async move {
        let use_case = &state.application.keys.rotate;
        let key = use_case.run(handover).await?;
        if json {
            let keys = use_case.list().await?;
            let made = keys.iter().find(|(listed, _)| listed.kid == key.kid);
            let made = made.map(|(key, state)| as_json(key, *state)).transpose()?;
            return output::print_json(&made);
        }
        let from = output::time(key.activates_at)?;
        output::print(&format!("Key {} ({}) signs from {from}\n", key.kid, key.algorithm))
    })
}

fn handover(now: bool, revoke_others: bool) -> Rollover {
    match (now, revoke_others) {
        (_, true) => Rollover::Emergency,
        (true, false) => Rollover::Expedited,
        (false, false) => Rollover::Scheduled,
    }
}

type Listed = (SigningKey, KeyState);

fn as_table(keys: &[Listed]) -> Result<String, Format> {
    let row = |(key, state): &Listed| {
        let style = match state {
            KeyState::Active => GOOD,
            KeyState::Next => WARN,
            KeyState::Retired | KeyState::Expired => FAINT,
        };
        Ok([
            key.kid.as_str().into(),
            key.algorithm.as_str().into(),
            Cell::styled(state.as_str(), style),
            output::time(key.activates_at)?.into(),
            Cell::optional(output::maybe_time(key.expires_at)?),
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
