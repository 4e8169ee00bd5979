//! Thousands of runs, each of them another order of things and other faults.

use doorward_simulation::{Plan, Summary, run};

fn total(summaries: &[Summary]) -> Summary {
    summaries.iter().fold(Summary::default(), |sum, run| Summary {
        lines: sum.lines + run.lines,
        faults: sum.faults + run.faults,
        mails: sum.mails + run.mails,
        duplicates: sum.duplicates + run.duplicates,
    })
}

fn number(variable: &str) -> Option<u64> {
    #[expect(clippy::disallowed_methods, reason = "it is for whoever repeats or prolongs a run")]
    std::env::var(variable).ok()?.parse().ok()
}

#[test]
fn one_seed() {
    let seed = number("DOORWARD_SIMULATION_SEED").unwrap_or(1);
    match run(seed, Plan::default()) {
        Ok(summary) => println!("{summary:?}"),
        Err(report) => panic!("{report}"),
    }
}

#[test]
fn many_seeds() {
    let seeds = number("DOORWARD_SIMULATION_SEEDS").unwrap_or(200);
    let started = std::time::Instant::now();
    let mut done = Vec::new();
    for seed in 0..seeds {
        match run(seed, Plan::default()) {
            Ok(summary) => done.push(summary),
            Err(report) => panic!("{report}"),
        }
    }
    println!("{seeds} seeds in {:?}: {:?}", started.elapsed(), total(&done));
}
