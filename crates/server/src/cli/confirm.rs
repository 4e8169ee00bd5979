use std::{
    error::Error,
    io::{IsTerminal, stdin},
};

use super::output;

/// Asks on the terminal before something is done that can't be undone.
pub(super) fn confirm(question: &str, yes: bool) -> Result<(), Box<dyn Error>> {
    if yes {
        return Ok(());
    }
    if !stdin().is_terminal() {
        return Err("nobody is here to be asked, and nothing was done: give --yes".into());
    }
    output::complain(&format!("{question} [y/N] "))?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
        Ok(())
    } else {
        Err("nothing was done".into())
    }
}
