use std::{
    error::Error,
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

use doorward_application::{
    Application,
    import_users::{Imported, ImportedUser},
};
use indicatif::ProgressBar;
use serde::Serialize;

use super::{
    lines::{Line, Lines, MAX_LINE},
    record,
};
use crate::{
    cli::{RunArgs, output, progress},
    config::Config,
    local,
};

/// How many accounts are made in one transaction.
const BATCH: usize = 200;

#[derive(Debug, thiserror::Error)]
#[error("what was refused is named above: mend it, and run this again")]
struct SomeRefused;

#[derive(Debug, thiserror::Error)]
#[error(
    "broken off before line {line}; run this again to go on: accounts that are there are left as they are"
)]
struct BrokenOff {
    line: usize,
    source: Box<dyn Error>,
}

/// How many lines came to what.
#[derive(Debug, Default, Serialize)]
struct Outcome {
    imported: usize,
    already_there: usize,
    refused: usize,
}

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ImportArgs {
    /// The file, or - for standard input.
    file: PathBuf,
    /// Judge every line, and make nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    run: RunArgs,
}

impl ImportArgs {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let Self { file, dry_run, run } = self;
        import(&file, dry_run, run.json, &run.config.load()?)
    }
}

fn import(file: &Path, dry_run: bool, json: bool, config: &Config) -> Result<(), Box<dyn Error>> {
    let (reader, bar) = open(file)?;
    local::run(config, |state| async move {
        let mut import = Import {
            application: &state.application,
            name: file.display().to_string(),
            dry_run,
            bar,
            waiting: Vec::new(),
            outcome: Outcome::default(),
        };
        import.read(reader).await?;
        import.bar.finish_and_clear();
        let outcome = import.outcome;
        if json {
            output::print_json(&outcome)?;
        } else {
            output::print(&outcome.in_words(dry_run))?;
        }
        if outcome.refused > 0 { Err(SomeRefused.into()) } else { Ok(()) }
    })
}

type Reader = Box<dyn BufRead>;

fn open(path: &Path) -> Result<(Reader, ProgressBar), Box<dyn Error>> {
    if path == Path::new("-") {
        return Ok((Box::new(std::io::stdin().lock()), progress::of_stream()));
    }
    let file =
        File::open(path).map_err(|error| format!("{} can't be read: {error}", path.display()))?;
    let bar = progress::of_file(&file);
    Ok((Box::new(BufReader::new(file)), bar))
}

struct Import<'a> {
    application: &'a Application,
    name: String,
    dry_run: bool,
    bar: ProgressBar,
    /// Accounts that were read and not yet made, and the lines that they are from.
    waiting: Vec<(usize, ImportedUser)>,
    outcome: Outcome,
}

impl Import<'_> {
    async fn read(&mut self, reader: Reader) -> Result<(), Box<dyn Error>> {
        for (index, line) in Lines(reader).enumerate() {
            let number = index + 1;
            let (line, octets) = line?;
            self.take(number, line)?;
            if self.waiting.len() >= BATCH {
                self.make().await?;
            }
            self.bar.inc(octets);
            self.bar.set_message(format!("{number} lines"));
        }
        self.make().await
    }

    /// Judges a line, and keeps its account until there are enough to be made.
    fn take(&mut self, number: usize, line: Line) -> Result<(), Box<dyn Error>> {
        let text = match line {
            Line::Text(text) if text.trim_ascii().is_empty() => return Ok(()),
            Line::Text(text) => text,
            Line::TooLong => {
                return self.refuse(number, &format!("longer than {MAX_LINE} octets"));
            }
        };
        match record::parse(&text) {
            Ok(user) if !self.dry_run => self.waiting.push((number, user)),
            Ok(user) => match self.application.import_users.check(&user) {
                Ok(()) => self.outcome.imported += 1,
                Err(issue) => self.refuse(number, &issue)?,
            },
            Err(error) => self.refuse(number, &error)?,
        }
        Ok(())
    }

    async fn make(&mut self) -> Result<(), Box<dyn Error>> {
        let (lines, users): (Vec<usize>, Vec<ImportedUser>) = self.waiting.drain(..).unzip();
        let Some(first) = lines.first().copied() else { return Ok(()) };
        let made = self.application.import_users.run(&users).await;
        let outcomes = made.map_err(|error| BrokenOff { line: first, source: Box::new(error) })?;
        for (line, outcome) in lines.into_iter().zip(outcomes) {
            match outcome {
                Imported::Made => self.outcome.imported += 1,
                Imported::AlreadyThere => self.outcome.already_there += 1,
                Imported::Refused(issue) => self.refuse(line, &issue)?,
            }
        }
        Ok(())
    }

    /// Says what is wrong with a line, above the progress bar.
    fn refuse(
        &mut self,
        line: usize,
        problem: &dyn std::fmt::Display,
    ) -> Result<(), Box<dyn Error>> {
        self.outcome.refused += 1;
        let name = &self.name;
        self.bar.suspend(|| output::complain(&format!("{name}:{line}: {problem}\n")))
    }
}

impl Outcome {
    fn in_words(&self, dry_run: bool) -> String {
        let Self { imported, already_there, refused } = self;
        if dry_run {
            return format!("{imported} can be imported, {refused} refused\n");
        }
        format!("{imported} imported, {already_there} already there, {refused} refused\n")
    }
}
