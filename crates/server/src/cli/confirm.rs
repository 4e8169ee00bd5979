use std::{
    error::Error,
    io::{IsTerminal, stdin},
};

use super::output;

/// Asks for confirmation on the terminal before an operation that can't be undone.
pub(super) fn confirm(question: &str, yes: bool) -> Result<(), Box<dyn Error>> {
    if yes {
        return Ok(());
    }
    if !stdin().is_terminal() {
        return Err(
            "refusing to continue without confirmation: stdin is not a terminal (pass --yes)"
                .into(),
        );
    }
    output::eprint(&format!("{question} [y/N] "))?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
        Ok(())
    } else {
        Err("canceled: nothing was changed".into())
    }
}
