use std::{
    error::Error,
    io::{BufRead, IsTerminal, Read, stdin},
};

use doorward_domain::credential::password::NewPassword;
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};

use crate::text;

/// The maximum number of bytes read from a line. No password is longer.
const MAX_OCTETS: u64 = 4096;

/// The source of a password. It is never an argument, because arguments are stored in the shell's history and visible to
/// other users while the command runs.
#[derive(Debug, clap::Args)]
pub(super) struct PasswordArgs {
    /// Read the password from the first line of standard input instead of prompting for it.
    #[arg(long)]
    password_stdin: bool,
}

impl PasswordArgs {
    /// Reads a new password from standard input, or prompts for it twice.
    pub(super) fn read(&self) -> Result<NewPassword, Box<dyn Error>> {
        let text = if self.password_stdin { from_stdin()? } else { ask()? };
        let password = NewPassword::parse(text.expose_secret());
        Ok(password.map_err(|error| format!("the password {error}"))?)
    }
}

fn from_stdin() -> Result<SecretString, Box<dyn Error>> {
    let mut line = Zeroizing::new(Vec::with_capacity(MAX_OCTETS as usize));
    stdin().lock().take(MAX_OCTETS).read_until(b'\n', &mut line)?;
    first_line(&line)
}

/// Returns the first line without a byte order mark or line ending, which Windows programs add.
fn first_line(line: &[u8]) -> Result<SecretString, Box<dyn Error>> {
    let text = text::decode(line).map_err(|error| format!("cannot read the password: {error}"))?;
    Ok(text.trim_end_matches(['\r', '\n']).into())
}

fn ask() -> Result<SecretString, Box<dyn Error>> {
    if !stdin().is_terminal() {
        return Err(
            "cannot prompt for a password: stdin is not a terminal (pass --password-stdin)".into(),
        );
    }
    let first = SecretString::from(rpassword::prompt_password("New password: ")?);
    let second = SecretString::from(rpassword::prompt_password("Repeat the password: ")?);
    if first.expose_secret() == second.expose_secret() {
        Ok(first)
    } else {
        Err("the passwords do not match: nothing was changed".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_is_the_first_line_without_byte_order_mark_and_line_ending() {
        for line in [&b"horse"[..], b"horse\n", b"horse\r\n", b"\xef\xbb\xbfhorse\r\n"] {
            assert_eq!(first_line(line).unwrap().expose_secret(), "horse");
        }
        assert_eq!(first_line(b" horse \n").unwrap().expose_secret(), " horse ");
        let refused = first_line(b"\xff\xfeh\0o\0").unwrap_err().to_string();
        assert!(refused.contains("UTF-16") && refused.contains("PowerShell"), "{refused}");
        assert!(first_line(b"caf\xe9\n").unwrap_err().to_string().contains("UTF-8"));
    }
}
