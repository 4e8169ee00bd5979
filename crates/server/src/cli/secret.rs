//! `doorward secret`: generates secrets. Needs no configuration and no server.

use std::error::Error;

use clap::Subcommand;
use doorward_adapters::system::SystemRandomness;
use doorward_domain::ports::Randomness;

use super::output;

#[derive(Debug, Subcommand)]
pub(super) enum SecretCommand {
    /// Print a new random secret for `master_key_file`, `passwords.pepper_file`, or a secret store.
    New,
}

impl SecretCommand {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let Self::New = self;
        let mut bytes = [0; 32];
        SystemRandomness.fill(&mut bytes);
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        output::print(&format!("{text}\n"))
    }
}
