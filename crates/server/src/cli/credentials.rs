//! `doorward credentials`: what users and services were given to prove who they are.

use std::error::Error;

use clap::Subcommand;
use doorward_application::revoke_everything::Revoked;
use serde_json::json;

use super::{RunArgs, confirm::confirm, output};
use crate::{config::Config, data_dir, local};

#[derive(Debug, Subcommand)]
pub(super) enum CredentialsCommand {
    /// End all sessions, invalidate the links in emails but invites, and replace the signing key: after a backup was
    /// restored, or the master secret was lost.
    RevokeAll(RevokeAllArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct RevokeAllArgs {
    /// Give up the master secret that the signing keys were encrypted with, because it is lost: delete those keys,
    /// and revoke all invites as well. The secret that is configured takes its place; without one, a new one is
    /// created in the data folder. Stop all servers before.
    #[arg(long)]
    lost_master_key: bool,
    /// Do not ask for confirmation.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    run: RunArgs,
}

impl CredentialsCommand {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        match self {
            Self::RevokeAll(args) => args.run(),
        }
    }
}

impl RevokeAllArgs {
    fn run(self) -> Result<(), Box<dyn Error>> {
        let Self { lost_master_key, yes, run: RunArgs { json, config } } = self;
        let config = config.load()?;
        if !lost_master_key {
            return local::run(&config, |state| async move {
                confirm("End all sessions, and invalidate all links in emails but invites?", yes)?;
                show(&state.application.revoke_everything.run().await?, json)
            });
        }
        local::expect_database(&config.database)?;
        confirm(&question(&config), yes)?;
        // What is created is for nobody else on the machine.
        rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
        if config.secret.is_none() {
            data_dir::prepare(&config.data_dir)?;
        }
        local::run_after_lost_secret(&config, |state| async move {
            show(&state.application.revoke_everything.run_after_lost_secret().await?, json)
        })
    }
}

fn question(config: &Config) -> String {
    let secret = if config.secret.is_some() {
        "the configured master secret".to_owned()
    } else if data_dir::has_secret(config) {
        format!("the master secret {}", data_dir::secret_file(config).display())
    } else {
        format!("a new master secret, {}", data_dir::secret_file(config).display())
    };
    format!(
        "Delete all signing keys of {}, end all sessions, invalidate all links and invites, and go on with {secret}?",
        config.database
    )
}

fn show(revoked: &Revoked, json: bool) -> Result<(), Box<dyn Error>> {
    if json {
        return output::print_json(&json!({
            "sessions_ended": revoked.sessions,
            "links_voided": revoked.links,
            "invites_revoked": revoked.invites,
            "kid": revoked.key.kid,
        }));
    }
    let sessions = output::count(revoked.sessions, "session");
    let links = output::count(revoked.links, "link");
    let invites = match revoked.invites {
        0 => String::new(),
        number => format!(", {} revoked", output::count(number, "invite")),
    };
    output::print(&format!(
        "{sessions} ended, {links} invalidated{invites}; {} signs from now on; passwords stay valid\n",
        revoked.key.kid
    ))
}
