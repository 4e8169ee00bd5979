//! The `doorward` binary.

use std::process::ExitCode;

use doorward_server::cli::Cli;

fn main() -> ExitCode {
    match Cli::read().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(&*error);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "the operator reads why the command failed")]
fn report(error: &dyn std::error::Error) {
    eprintln!("doorward: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        eprintln!("  caused by: {cause}");
        source = cause.source();
    }
}
